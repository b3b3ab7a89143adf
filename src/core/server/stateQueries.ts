import type { ServerState, RunId, RunEnd, Failure, Restart } from './state.js';
import type { Origin } from './origin.js';
import type { Endpoint } from '../readiness/endpoint.js';

/** The run a state belongs to; `undefined` when nothing runs, also while a start waits in the queue. */
export function runIdOf(state: ServerState): RunId | undefined {
  if (state.kind === 'reserved') return state.runId;
  return 'run' in state ? state.run.id : undefined;
}

/** Whether nothing of the server exists, so that it may be started. */
export function isIdle(state: ServerState): state is Extract<ServerState, { kind: 'stopped' | 'crashed' }> {
  return state.kind === 'stopped' || state.kind === 'crashed';
}

/** Whether something of the server exists, or is about to. One that waits in the queue is neither this nor idle. */
export function isActive(state: ServerState): boolean {
  return !isIdle(state) && state.kind !== 'queued';
}

/** Whether the start with this run waits in the queue. */
export function isQueuedAs(state: ServerState | undefined, runId: RunId): boolean {
  return state?.kind === 'queued' && state.runId === runId;
}

/** Where the server answers, or did until a moment ago. */
export function endpointOf(state: ServerState): Endpoint | undefined {
  return state.kind === 'ready' || state.kind === 'unhealthy' ? state.endpoint : undefined;
}

/** The address of the server, of whatever protocol; `undefined` when that is not known or it does not run. */
export function addressOf(state: ServerState): string | undefined {
  return state.kind === 'external' ? state.url : endpointOf(state)?.url;
}

/** The address if a browser can open it. */
export function browserUrl(state: ServerState): string | undefined {
  const address = addressOf(state);
  return address?.startsWith('http') === true ? address : undefined;
}

/** What is known of the end that left the server as it is. */
export function lastEndOf(state: ServerState): RunEnd | undefined {
  if (state.kind === 'crashed') return state.crash.kind === 'exit' ? state.crash : undefined;
  return state.kind === 'stopped' ? state.lastEnd : undefined;
}

/** Whether the failure is that of another server, or of a plan, so that this one never ran. */
export function isNotStarted({ reason }: Failure): boolean {
  return reason === 'dependencyFailed' || reason === 'dependencyCycle' || reason === 'unknownServer';
}

/** Who started what runs or is to, or what has ended by itself. `undefined` for a person, or when it is not known. */
export function startedBy(state: ServerState): Origin | undefined {
  if (state.kind === 'reserved' || state.kind === 'queued') return state.startedBy;
  return 'run' in state ? state.run.startedBy : lastEndOf(state)?.startedBy;
}

/** The restart that the server waits for. */
export function plannedRestart(state: ServerState): Extract<Restart, { kind: 'planned' }> | undefined {
  const restart = lastEndOf(state)?.restart;
  return restart?.kind === 'planned' ? restart : undefined;
}

/** Whether there is something to stop: what exists of a server, or the start or restart that it waits for. */
export function isStoppable(state: ServerState): boolean {
  return !isIdle(state) || plannedRestart(state) !== undefined;
}

/** Whether there is something to see in a terminal of the server. */
export function hasTerminal(state: ServerState): boolean {
  if (state.kind === 'crashed' && state.crash.kind === 'failure') return !isNotStarted(state.crash);
  return state.kind !== 'queued' && (state.kind !== 'stopped' || state.lastEnd !== undefined);
}

/** Whether its process runs and nobody has asked it to end. */
export function isUp(
  state: ServerState,
): state is Extract<ServerState, { kind: 'starting' | 'ready' | 'unhealthy' }> {
  return state.kind === 'starting' || state.kind === 'ready' || state.kind === 'unhealthy';
}
