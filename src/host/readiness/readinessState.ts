import type { Endpoint, ReadinessAttempt } from '../../core/readiness/endpoint.js';
import type { ReadyRule } from '../../core/readiness/readyRule.js';
import type { PortEvidence } from './portEvidence.js';
import {
  doubled,
  evidencePauseMs,
  firstResponseMs,
  laterResponseMs,
  maxConflictPauseMs,
  noPortPauseMs,
  probeBackoff,
  readyBackoff,
  silentBackoff,
  timedOutBackoff,
  waitingBackoff,
} from './readinessPauses.js';
import type {
  Failing,
  LiveState,
  ReadinessInput,
  ReadinessState,
  ReadinessTransition,
  Ready,
  ScanResult,
  Silent,
  TimedOut,
  Waiting,
  WasReady,
  Watched,
} from './readinessTypes.js';

/** Returns the state of a run that has just started; `isPortKnown` when a port is expected or required. */
export function initialReadiness(isPortKnown: boolean, startedAt: number): ReadinessState {
  const pauseMs = isPortKnown ? waitingBackoff.first : noPortPauseMs;
  return { kind: 'waiting', pauseMs, conflict: 'none', startedAt, answering: undefined };
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
      return { state: scanSoon(state, event.at, event.pauseMs) };
    case 'unchanged':
      return { state: { ...state, pauseMs: unchangedPauseMs(state) } };
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

function scanSoon(state: LiveState, at: number, afterMs: number): LiveState {
  const pauseMs = Math.min(state.pauseMs, Math.max(afterMs, waitingBackoff.first));
  return state.kind === 'ready'
    ? { ...state, pauseMs, probeAt: Math.min(state.probeAt, at + afterMs) }
    : { ...state, pauseMs };
}

function scanned(state: LiveState, result: ScanResult, at: number): ReadinessTransition {
  if (result.kind === 'slowPattern') return giveUpPattern(result);
  if (result.kind === 'healthy') return becomeReady(state, result, at);
  return state.kind === 'ready' || state.kind === 'failing'
    ? failAfterReady(state, result)
    : stayUnready(state, result, at);
}

function unchangedPauseMs(state: LiveState): number {
  const pauseMs = doubled(state.pauseMs, readyBackoff);
  const hasConflict = state.kind === 'ready' && state.endpoint?.conflict !== undefined;
  return hasConflict ? Math.min(pauseMs, maxConflictPauseMs) : pauseMs;
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

/** Nothing can make the server ready any more, so its watch ends. */
function giveUpPattern({ pattern }: Extract<ScanResult, { kind: 'slowPattern' }>): ReadinessTransition {
  const problem = { kind: 'slowPattern', pattern } as const;
  return { state: { kind: 'ended' }, report: { kind: 'unhealthy', problem, endpoint: undefined } };
}

/** Waiting connections trigger a request by themselves where the system reports them. */
function nextProbePauseMs({ probePauseMs }: WasReady, seesWaiting: boolean): number {
  return seesWaiting ? probeBackoff.max : doubled(probePauseMs, probeBackoff);
}

/** A request without a response has already had enough time; any other failure must repeat. */
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
  at: number,
): ReadinessTransition {
  const backoff = { waiting: waitingBackoff, timedOut: timedOutBackoff, silent: silentBackoff }[state.kind];
  const conflict = nextConflict(state.conflict, evidence);
  const maxPauseMs = maxConflictPausesMs[conflict] ?? settlesInMs;
  const pauseMs = Math.min(doubled(state.pauseMs, backoff), maxPauseMs ?? Number.POSITIVE_INFINITY);
  const next = { ...state, conflict, pauseMs };
  if (isReported(conflict)) {
    const isNew = !isReported(state.conflict);
    return { state: next, ...(isNew && evidence && { report: { kind: 'conflict', evidence } }) };
  }
  return isReported(state.conflict)
    ? withoutConflict(next, attempts, endpoint, at)
    : withAttempts(next, attempts, endpoint);
}

const maxConflictPausesMs = {
  none: undefined,
  suspected: evidencePauseMs,
  reported: maxConflictPauseMs,
  doubtful: evidencePauseMs,
} as const;

function isReported(conflict: Watched['conflict']): boolean {
  return conflict === 'reported' || conflict === 'doubtful';
}

/** Reports the server as not ready when a conflict is over: most programs do not retry on their own. */
function withoutConflict(
  state: Waiting | TimedOut | Silent,
  attempts: readonly ReadinessAttempt[],
  endpoint: Endpoint | undefined,
  at: number,
): ReadinessTransition {
  if (state.kind === 'waiting') return notReady(state, attempts, endpoint, at - state.startedAt);
  const problem = { ...state.problem, attempts };
  return { state: { ...state, problem }, report: { kind: 'unhealthy', problem, endpoint } };
}

function notReady(
  { pauseMs, conflict }: Waiting,
  attempts: readonly ReadinessAttempt[],
  endpoint: Endpoint | undefined,
  elapsedMs: number,
): ReadinessTransition {
  const problem = { kind: 'timeout', seconds: Math.round(elapsedMs / 1000), attempts } as const;
  const state = { pauseMs, conflict, kind: 'timedOut', problem } as const;
  return { state, report: { kind: 'unhealthy', problem, endpoint } };
}

/**
 * Reports new attempts of a server with a reported problem: the report may contain a pending request, whose response
 * says more.
 */
function withAttempts(
  state: Waiting | TimedOut | Silent,
  attempts: readonly ReadinessAttempt[],
  endpoint: Endpoint | undefined,
): ReadinessTransition {
  if (state.kind === 'waiting') return { state: { ...state, answering: endpoint } };
  if (isEqual(attempts, state.problem.attempts)) return { state };
  const problem = { ...state.problem, attempts };
  return { state: { ...state, problem }, report: { kind: 'unhealthy', problem, endpoint } };
}

function nextConflict(before: Watched['conflict'], evidence: PortEvidence | undefined): Watched['conflict'] {
  if (!evidence) return before === 'reported' ? 'doubtful' : 'none';
  return evidence.isCertain || before !== 'none' ? 'reported' : 'suspected';
}

/** A reported conflict says more than a time-out. */
function timeOut(
  state: LiveState,
  attempts: readonly ReadinessAttempt[],
  { timeoutMs }: Pick<ReadyRule, 'timeoutMs'>,
): ReadinessTransition {
  if (state.kind !== 'waiting') return { state };
  const next = notReady(state, attempts, state.answering, timeoutMs);
  return isReported(state.conflict) ? { state: next.state } : next;
}

function isEqual<Value>(one: Value, other: Value): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
