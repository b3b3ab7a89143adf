import {
  endpointOf,
  isIdle,
  isQueuedAs,
  isUp,
  plannedRestart,
  runIdOf,
  type LiveRun,
  type RunEnd,
  type RunId,
  type ServerEvent,
  type ServerState,
  type Survivor,
} from './serverState.js';

/** The state that follows, or `undefined` when the event cannot happen in this state. */
export function next(state: ServerState, event: ServerEvent): ServerState | undefined {
  if (event.kind === 'reserve') return reserve(state, event.runId);
  if (event.kind === 'queue') return queue(state, event);
  if (event.kind === 'leaveQueue') return leaveQueue(state, event);
  if (event.kind === 'adopted') return adopt(state, event);
  if (event.kind === 'cancelRestart') return cancelRestart(state);
  return nextOfRun(state, event);
}

type RunEvent = Exclude<
  ServerEvent,
  { kind: 'reserve' | 'queue' | 'leaveQueue' | 'adopted' | 'cancelRestart' }
>;

/** What follows from an event of a run, which must be the run of the state. */
function nextOfRun(state: ServerState, event: RunEvent): ServerState | undefined {
  if (runIdOf(state) !== (event.kind === 'spawned' ? event.run.id : event.runId)) return undefined;
  switch (event.kind) {
    case 'spawned':
      return spawn(state, event.run);
    case 'failed':
      return fail(state, event);
    case 'ready':
      return isUp(state) ? { kind: 'ready', run: state.run, endpoint: event.endpoint } : undefined;
    case 'unhealthy':
      return unhealthy(state, event);
    case 'stop':
      return isUp(state) || state.kind === 'external' || state.kind === 'stopFailed'
        ? { kind: 'stopping', run: state.run }
        : undefined;
    case 'ended':
      return end(state, event);
    case 'verifiedDead':
      return state.kind === 'stopping' ? { kind: 'stopped', lastEnd: undefined } : undefined;
    case 'survived':
      return survive(state, event.survivors);
  }
}

function reserve(state: ServerState, runId: RunId): ServerState | undefined {
  return isIdle(state) || isQueuedAs(state, runId) ? { kind: 'reserved', runId } : undefined;
}

/** One that waits already may come to wait for others, since definitions change. */
function queue(
  state: ServerState,
  { runId, waitsFor }: Extract<ServerEvent, { kind: 'queue' }>,
): ServerState | undefined {
  return isIdle(state) || isQueuedAs(state, runId) ? { kind: 'queued', runId, waitsFor } : undefined;
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
  return state.kind === 'reserved' ? { kind: 'starting', run } : undefined;
}

function cancelRestart(state: ServerState): ServerState | undefined {
  if (!plannedRestart(state)) return undefined;
  if (state.kind === 'stopped' && state.lastEnd) return { kind: 'stopped', lastEnd: endOnly(state.lastEnd) };
  if (state.kind !== 'crashed' || state.crash.kind !== 'exit') return undefined;
  return { kind: 'crashed', crash: { kind: 'exit', ...endOnly(state.crash) } };
}

function endOnly({ exit, interrupted, tail, at }: RunEnd): RunEnd {
  return { exit, interrupted, tail, at };
}

function fail(
  state: ServerState,
  { reason, message, at }: Extract<ServerEvent, { kind: 'failed' }>,
): ServerState | undefined {
  return isIdle(state) ? undefined : { kind: 'crashed', crash: { kind: 'failure', reason, message, at } };
}

/**
 * An end during a stop is what the stop wants; the stop itself tells when the whole tree is verified dead, also when a
 * sweep from before it found survivors. After a stop that failed, the end of the last survivor is the end of that stop.
 */
function end(
  state: ServerState,
  { end: runEnd, survivors }: Extract<ServerEvent, { kind: 'ended' }>,
): ServerState | undefined {
  if (state.kind === 'stopping') return state;
  if (!isUp(state) && state.kind !== 'external' && state.kind !== 'stopFailed') return undefined;
  if (survivors.length > 0) return { kind: 'stopFailed', run: state.run, survivors };
  if (!isUp(state)) return { kind: 'stopped', lastEnd: undefined };
  const harmless = runEnd.interrupted || (runEnd.exit.kind === 'code' && runEnd.exit.code === 0);
  return harmless
    ? { kind: 'stopped', lastEnd: runEnd }
    : { kind: 'crashed', crash: { kind: 'exit', ...runEnd } };
}

/** Tells what outlived a stop, which is the end of that stop. */
function survive(state: ServerState, survivors: readonly Survivor[]): ServerState | undefined {
  return state.kind === 'stopping' ? { kind: 'stopFailed', run: state.run, survivors } : undefined;
}

/** One that fell silent is remembered where it answered. */
function unhealthy(
  state: ServerState,
  { problem, endpoint }: Extract<ServerEvent, { kind: 'unhealthy' }>,
): ServerState | undefined {
  if (!isUp(state)) return undefined;
  return { kind: 'unhealthy', run: state.run, endpoint: endpoint ?? endpointOf(state), problem };
}
