import type { Endpoint, ReadinessAttempt, ReadinessProblem } from '../../core/readiness/endpoint.js';
import type { ReadyRule } from '../../core/readiness/readyRule.js';
import type { PortEvidence } from './portEvidence.js';
import {
  doubled,
  evidencePauseMs,
  firstResponseMs,
  laterResponseMs,
  noPortPauseMs,
  probeBackoff,
  readyBackoff,
  silentBackoff,
  timedOutBackoff,
  waitingBackoff,
} from './readinessPauses.js';

interface Watched {
  /** Pause before the next scan, milliseconds. */
  readonly pauseMs: number;
  /**
   * Another process uses the port of the server. Two scans in a row must find it, since a server that restarts itself is
   * briefly gone; it is reported once until the server is ready.
   */
  readonly conflict: 'none' | 'suspected' | 'reported';
}

interface WasReady extends Watched {
  readonly endpoint: Endpoint | undefined;
  /** Pause between two requests, milliseconds. */
  readonly probePauseMs: number;
}

/** Not ready within the time-out; `answering` is where the last scan got an error response. */
type Waiting = Watched & { readonly kind: 'waiting'; readonly answering: Endpoint | undefined };
/** Unready for a reason that was reported, with the attempts of the last report. */
interface Reported extends Watched {
  readonly problem: Extract<ReadinessProblem, { readonly attempts: unknown }>;
}
/** Reported as not ready in time; may still become ready. */
type TimedOut = Reported & { readonly kind: 'timedOut' };
/** Ready; `probeAt` is the time of the next request on the clock of `scanned` events. */
type Ready = WasReady & { readonly kind: 'ready'; readonly probeAt: number };
/** Was ready and failed one scan, which may be a restart. */
type Failing = WasReady & { readonly kind: 'failing' };
/** Was ready and is reported as not responding. */
type Silent = Reported & { readonly kind: 'silent' };

type LiveState = Waiting | TimedOut | Ready | Failing | Silent;

export type ReadinessState = LiveState | { readonly kind: 'ended' };

/** Result of one scan: whether the server meets its rule. */
export type ScanResult =
  | {
      readonly kind: 'healthy';
      /** `undefined` for a server whose rule only names a line of output. */
      readonly endpoint: Endpoint | undefined;
      /** `true` when the system reports how many connections wait at the endpoint. */
      readonly seesWaiting: boolean;
      /** Time until the next scan may find more, milliseconds. Missing if nothing is expected. */
      readonly settlesInMs?: number;
    }
  /** The expression of the rule takes too long. */
  | { readonly kind: 'slowPattern'; readonly pattern: string }
  | {
      readonly kind: 'unhealthy';
      /** Where it answers with an error, if it does. */
      readonly endpoint: Endpoint | undefined;
      readonly attempts: readonly ReadinessAttempt[];
      /** Evidence that another program uses the server's port. */
      readonly evidence: PortEvidence | undefined;
      /** Time until a socket may count as the server's, milliseconds; `undefined` without one. */
      readonly settlesInMs: number | undefined;
    };

export type ReadinessInput =
  /** The output announced a new URL or complained about the port, or another address of the server has answered. */
  | { readonly kind: 'news' }
  /** The sockets of the ready server are the same, and no connection waits. */
  | { readonly kind: 'unchanged' }
  /** `at` is the time in milliseconds on any steady clock. */
  | { readonly kind: 'scanned'; readonly result: ScanResult; readonly at: number }
  /** The time-out of the rule expired; `attempts` are those of the last scan. */
  | { readonly kind: 'timeout'; readonly attempts: readonly ReadinessAttempt[] }
  | { readonly kind: 'ended' };

/** A change that the window must know. */
export type ReadinessReport =
  | { readonly kind: 'ready'; readonly endpoint: Endpoint | undefined }
  /** `endpoint` is where the server answers with an error, if it does. */
  | {
      readonly kind: 'unhealthy';
      readonly problem: ReadinessProblem;
      readonly endpoint: Endpoint | undefined;
    };

export interface ReadinessTransition {
  readonly state: ReadinessState;
  /** `conflict` becomes an `unhealthy` report with the process that owns the socket. */
  readonly report?: ReadinessReport | { readonly kind: 'conflict'; readonly evidence: PortEvidence };
}

/** Returns the state of a run that has just started; `isPortKnown` when a port is expected or required. */
export function initialReadiness(isPortKnown: boolean): ReadinessState {
  const pauseMs = isPortKnown ? waitingBackoff.first : noPortPauseMs;
  return { kind: 'waiting', pauseMs, conflict: 'none', answering: undefined };
}

/** Returns the next state and what to report about it. */
export function nextReadiness(
  state: ReadinessState,
  event: ReadinessInput,
  rule: Pick<ReadyRule, 'timeoutMs'>,
): ReadinessTransition {
  if (state.kind === 'ended') return { state };
  switch (event.kind) {
    case 'news':
      return { state: scanSoon(state) };
    case 'unchanged':
      return { state: { ...state, pauseMs: doubled(state.pauseMs, readyBackoff) } };
    case 'scanned':
      return scanned(state, event.result, event.at);
    case 'timeout':
      return timeOut(state, event.attempts, rule);
    case 'ended':
      return { state: { kind: 'ended' } };
  }
}

/** Returns whether the next scan has to send a request; until then it may compare the sockets alone. */
export function isProbeDue(state: ReadinessState, at: number): boolean {
  return state.kind !== 'ready' || at >= state.probeAt;
}

/** Returns how long the next scan may wait for responses, milliseconds. */
export function responseLimitMs({ kind }: ReadinessState): number {
  return kind === 'ready' || kind === 'failing' ? laterResponseMs : firstResponseMs;
}

function scanSoon(state: LiveState): LiveState {
  const pauseMs = Math.min(state.pauseMs, waitingBackoff.first);
  return state.kind === 'ready'
    ? { ...state, pauseMs, probeAt: Number.NEGATIVE_INFINITY }
    : { ...state, pauseMs };
}

function scanned(state: LiveState, result: ScanResult, at: number): ReadinessTransition {
  if (result.kind === 'slowPattern') return giveUpPattern(result);
  if (result.kind === 'healthy') return becomeReady(state, result, at);
  return state.kind === 'ready' || state.kind === 'failing'
    ? failAfterReady(state, result)
    : stayUnready(state, result);
}

function becomeReady(
  state: LiveState,
  { endpoint, seesWaiting, settlesInMs }: Extract<ScanResult, { kind: 'healthy' }>,
  at: number,
): ReadinessTransition {
  const before = state.kind === 'ready' || state.kind === 'failing' ? state : undefined;
  const isNew = !before || !isEqual(before.endpoint, endpoint);
  const pauseMs = isNew || state.kind === 'failing' ? readyBackoff.first : state.pauseMs;
  const probePauseMs = before ? nextProbePauseMs(before, seesWaiting) : probeBackoff.first;
  const probeAt = at + (settlesInMs ?? probePauseMs);
  const next = { pauseMs: settlesInMs ?? pauseMs, probePauseMs, probeAt } as const;
  return {
    state: { kind: 'ready', endpoint, conflict: 'none', ...next },
    ...(isNew && { report: { kind: 'ready', endpoint } }),
  };
}

/** Nothing can show any more that the server is ready, so this is the end of its watch. */
function giveUpPattern({ pattern }: Extract<ScanResult, { kind: 'slowPattern' }>): ReadinessTransition {
  const problem = { kind: 'slowPattern', pattern } as const;
  return { state: { kind: 'ended' }, report: { kind: 'unhealthy', problem, endpoint: undefined } };
}

/** Waiting connections trigger a request by themselves where the system reports them. */
function nextProbePauseMs({ probePauseMs }: WasReady, seesWaiting: boolean): number {
  return seesWaiting ? probeBackoff.max : doubled(probePauseMs, probeBackoff);
}

/** A request without a response has had its time; any other failure must repeat. */
function failAfterReady(
  state: Ready | Failing,
  { attempts, endpoint }: Extract<ScanResult, { kind: 'unhealthy' }>,
): ReadinessTransition {
  const next = { pauseMs: silentBackoff.first, conflict: state.conflict };
  const hangs = attempts.some(({ outcome }) => outcome.kind === 'noAnswer');
  if (state.kind === 'ready' && !hangs) {
    return {
      state: { ...next, kind: 'failing', endpoint: state.endpoint, probePauseMs: state.probePauseMs },
    };
  }
  const problem = { kind: 'silent', attempts } as const;
  return { state: { ...next, kind: 'silent', problem }, report: { kind: 'unhealthy', problem, endpoint } };
}

function stayUnready(
  state: Waiting | TimedOut | Silent,
  { evidence, endpoint, attempts, settlesInMs }: Extract<ScanResult, { kind: 'unhealthy' }>,
): ReadinessTransition {
  const backoff = { waiting: waitingBackoff, timedOut: timedOutBackoff, silent: silentBackoff }[state.kind];
  const conflict = nextConflict(state.conflict, evidence);
  const isConfirmed = conflict === 'reported' && state.conflict !== 'reported';
  const maxPauseMs = conflict === 'suspected' ? evidencePauseMs : settlesInMs;
  const pauseMs = Math.min(doubled(state.pauseMs, backoff), maxPauseMs ?? Number.POSITIVE_INFINITY);
  const report = isConfirmed && evidence ? ({ kind: 'conflict', evidence } as const) : undefined;
  return { ...withAttempts({ ...state, conflict, pauseMs }, attempts, endpoint), ...(report && { report }) };
}

/** Reports new attempts of a server with a reported problem: that may name a request under way, whose response says more. */
function withAttempts(
  state: Waiting | TimedOut | Silent,
  attempts: readonly ReadinessAttempt[],
  endpoint: Endpoint | undefined,
): ReadinessTransition {
  if (state.kind === 'waiting') return { state: { ...state, answering: endpoint } };
  if (state.conflict === 'reported' || isEqual(attempts, state.problem.attempts)) return { state };
  const problem = { ...state.problem, attempts };
  return { state: { ...state, problem }, report: { kind: 'unhealthy', problem, endpoint } };
}

function nextConflict(before: Watched['conflict'], evidence: PortEvidence | undefined): Watched['conflict'] {
  if (before === 'reported') return 'reported';
  if (!evidence) return 'none';
  return evidence.isCertain || before === 'suspected' ? 'reported' : 'suspected';
}

/** A reported conflict says more than a time-out. */
function timeOut(
  state: LiveState,
  attempts: readonly ReadinessAttempt[],
  { timeoutMs }: Pick<ReadyRule, 'timeoutMs'>,
): ReadinessTransition {
  if (state.kind !== 'waiting') return { state };
  const { answering, ...rest } = state;
  const problem = { kind: 'timeout', seconds: Math.round(timeoutMs / 1000), attempts } as const;
  const next = { ...rest, kind: 'timedOut', problem } as const;
  if (state.conflict === 'reported') return { state: next };
  return { state: next, report: { kind: 'unhealthy', problem, endpoint: answering } };
}

function isEqual<Value>(one: Value, other: Value): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
