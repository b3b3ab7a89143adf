import type { Origin } from './origin.js';
import { type LiveRun, type RunEnd, type ServerEvent, type ServerState, type Survivor } from './state.js';
import { endpointOf, isIdle, isQueuedAs, isUp, plannedRestart, runIdOf } from './stateQueries.js';

/** Returns the next state; `undefined` if the event is illegal in this state. */
export function nextState(state: ServerState, event: ServerEvent): ServerState | undefined {
  if (event.kind === 'reserve' || event.kind === 'queue') return reserveOrQueue(state, event);
  if (event.kind === 'leaveQueue') return leaveQueue(state, event);
  if (event.kind === 'adopted') return adopt(state, event);
  if (event.kind === 'cancelRestart') return cancelRestart(state);
  if (event.kind === 'dismiss') return dismiss(state);
  return nextRunState(state, event);
}

type RunEvent = Exclude<
  ServerEvent,
  { kind: 'reserve' | 'queue' | 'leaveQueue' | 'adopted' | 'cancelRestart' | 'dismiss' }
>;

/** Returns the next state after an event of a run, which must be the run of the state. */
function nextRunState(state: ServerState, event: RunEvent): ServerState | undefined {
  if (runIdOf(state) !== (event.kind === 'spawned' ? event.run.id : event.runId)) return undefined;
  switch (event.kind) {
    case 'spawned':
      return spawn(state, event.run);
    case 'failed':
      return fail(state, event);
    case 'startCancelled':
      return cancelStart(state);
    case 'ready':
      return isUp(state) ? { kind: 'ready', run: state.run, endpoint: event.endpoint } : undefined;
    case 'unhealthy':
      return unhealthy(state, event);
    case 'pageErrors':
      return countPageErrors(state, event.count);
    case 'stop':
      return isUp(state) || state.kind === 'external' || state.kind === 'stopFailed'
        ? { kind: 'stopping', run: state.run, ...(event.grace && { grace: event.grace }) }
        : undefined;
    case 'stopGrace':
      return changeGrace(state, event.untilTick);
    case 'ended':
      return end(state, event);
    case 'verifiedDead':
      return state.kind === 'stopping' ? { kind: 'stopped', lastEnd: undefined } : undefined;
    case 'survived':
      return recordSurvivors(state, event.survivors);
  }
}

/** Accepts a queued start again, since a changed definition may change its dependencies. */
function reserveOrQueue(
  state: ServerState,
  event: Extract<ServerEvent, { kind: 'reserve' | 'queue' }>,
): ServerState | undefined {
  if (!isIdle(state) && !isQueuedAs(state, event.runId)) return undefined;
  return event.kind === 'reserve' ? { ...event, kind: 'reserved' } : { ...event, kind: 'queued' };
}

function leaveQueue(
  state: ServerState,
  { runId, failure }: Extract<ServerEvent, { kind: 'leaveQueue' }>,
): ServerState | undefined {
  if (!isQueuedAs(state, runId)) return undefined;
  return failure
    ? { kind: 'crashed', crash: { kind: 'failure', ...failure } }
    : { kind: 'stopped', lastEnd: undefined };
}

function adopt(
  state: ServerState,
  { run, url }: Extract<ServerEvent, { kind: 'adopted' }>,
): ServerState | undefined {
  return isIdle(state) ? { kind: 'external', run, url } : undefined;
}

function spawn(state: ServerState, run: LiveRun): ServerState | undefined {
  if (state.kind !== 'reserved') return undefined;
  return { kind: 'starting', run: { ...run, ...originField(state) } };
}

function cancelStart({ kind }: ServerState): ServerState | undefined {
  return kind === 'reserved' ? { kind: 'stopped', lastEnd: undefined } : undefined;
}

function cancelRestart(state: ServerState): ServerState | undefined {
  if (!plannedRestart(state)) return undefined;
  if (state.kind === 'stopped' && state.lastEnd)
    return { kind: 'stopped', lastEnd: withoutRestart(state.lastEnd) };
  if (state.kind !== 'crashed' || state.crash.kind !== 'exit') return undefined;
  return { kind: 'crashed', crash: { kind: 'exit', ...withoutRestart(state.crash) } };
}

/** Forgets how the last run ended. */
function dismiss(state: ServerState): ServerState | undefined {
  return isIdle(state) && !plannedRestart(state) ? { kind: 'stopped', lastEnd: undefined } : undefined;
}

function withoutRestart(runEnd: RunEnd): RunEnd {
  const { restart: _, ...rest } = runEnd;
  return rest;
}

/** Returns the origin as a property of a run or its end; missing if undefined. */
function originField({ startedBy }: { readonly startedBy?: Origin }): { readonly startedBy?: Origin } {
  return startedBy ? { startedBy } : {};
}

function fail(
  state: ServerState,
  { reason, message, at }: Extract<ServerEvent, { kind: 'failed' }>,
): ServerState | undefined {
  return isIdle(state) ? undefined : { kind: 'crashed', crash: { kind: 'failure', reason, message, at } };
}

/**
 * Ignores an end during a stop: the stop itself reports when the whole tree is verified dead, even if an earlier sweep
 * found survivors. After a failed stop, the end of the last survivor completes that stop.
 */
function end(
  state: ServerState,
  { end: runEnd, survivors }: Extract<ServerEvent, { kind: 'ended' }>,
): ServerState | undefined {
  if (state.kind === 'stopping') return state;
  if (!isUp(state) && state.kind !== 'external' && state.kind !== 'stopFailed') return undefined;
  if (survivors.length > 0) return { kind: 'stopFailed', run: state.run, survivors };
  if (!isUp(state)) return { kind: 'stopped', lastEnd: undefined };
  const lastEnd = { ...runEnd, ...originField(state.run) };
  const harmless = runEnd.interrupted || (runEnd.exit.kind === 'code' && runEnd.exit.code === 0);
  return harmless ? { kind: 'stopped', lastEnd } : { kind: 'crashed', crash: { kind: 'exit', ...lastEnd } };
}

function changeGrace(state: ServerState, untilTick: number): ServerState | undefined {
  if (state.kind !== 'stopping' || !state.grace) return undefined;
  const { sinceTick } = state.grace;
  return { ...state, grace: { sinceTick, graceMs: untilTick - sinceTick } };
}

/** Records the processes that survived a stop, which fails that stop. */
function recordSurvivors(state: ServerState, survivors: readonly Survivor[]): ServerState | undefined {
  return state.kind === 'stopping' ? { kind: 'stopFailed', run: state.run, survivors } : undefined;
}

function countPageErrors(state: ServerState, pageErrors: number): ServerState | undefined {
  return isUp(state) ? { ...state, run: { ...state.run, pageErrors } } : undefined;
}

/** Keeps the endpoint of a server that stopped answering. */
function unhealthy(
  state: ServerState,
  { problem, endpoint }: Extract<ServerEvent, { kind: 'unhealthy' }>,
): ServerState | undefined {
  if (!isUp(state)) return undefined;
  return { kind: 'unhealthy', run: state.run, endpoint: endpoint ?? endpointOf(state), problem };
}
