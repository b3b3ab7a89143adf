import type { ServerState, RunId, RunEnd, Failure, Restart } from './state.js';
import type { Origin } from './origin.js';
import type { Endpoint, PortConflict } from '../readiness/endpoint.js';

/** Returns the run of a state; `undefined` if no run exists, which includes a queued start. */
export function runIdOf(state: ServerState): RunId | undefined {
  if (state.kind === 'reserved') return state.runId;
  return 'run' in state ? state.run.id : undefined;
}

/** Returns whether the server is stopped or crashed, so that it may be started. */
export function isIdle(state: ServerState): state is Extract<ServerState, { kind: 'stopped' | 'crashed' }> {
  return state.kind === 'stopped' || state.kind === 'crashed';
}

/** Returns whether a run of the server exists or is reserved. A queued server is neither active nor idle. */
export function isActive(state: ServerState): boolean {
  return !isIdle(state) && state.kind !== 'queued';
}

/** Returns whether the start with this run id is queued. */
export function isQueuedAs(state: ServerState | undefined, runId: RunId): boolean {
  return state?.kind === 'queued' && state.runId === runId;
}

/** Returns the endpoint that answers, or did last. */
export function endpointOf(state: ServerState): Endpoint | undefined {
  return state.kind === 'ready' || state.kind === 'unhealthy' ? state.endpoint : undefined;
}

/** Returns the port that the server, or a part of it, needs and another program uses. */
export function portConflictOf(state: ServerState): PortConflict | undefined {
  if (state.kind === 'ready') return state.endpoint?.conflict;
  return state.kind === 'unhealthy' && state.problem.kind === 'conflict' ? state.problem : undefined;
}

/** Returns the address of the server, of any protocol; `undefined` if it is unknown or the server does not run. */
export function addressOf(state: ServerState): string | undefined {
  return state.kind === 'external' ? state.url : endpointOf(state)?.url;
}

/** Returns the other addresses of the server, the best one first. */
export function otherUrlsOf(state: ServerState): readonly string[] {
  return endpointOf(state)?.otherUrls ?? [];
}

/** Returns how many errors the pages of a running server have written to its output. */
export function pageErrorsOf(state: ServerState): number {
  return 'run' in state ? (state.run.pageErrors ?? 0) : 0;
}

/** Returns the addresses that a browser can open, the one of the server first. */
export function browserUrls(state: ServerState): readonly string[] {
  const url = browserUrl(state);
  const others = otherUrlsOf(state).filter(isBrowserUrl);
  return url === undefined ? others : [url, ...others];
}

/** Returns the address if a browser can open it. */
export function browserUrl(state: ServerState): string | undefined {
  const address = addressOf(state);
  return address !== undefined && isBrowserUrl(address) ? address : undefined;
}

function isBrowserUrl(url: string): boolean {
  return url.startsWith('http');
}

/** Returns the end of the last run, if the server is down because of it. */
export function lastEndOf(state: ServerState): RunEnd | undefined {
  if (state.kind === 'crashed') return state.crash.kind === 'exit' ? state.crash : undefined;
  return state.kind === 'stopped' ? state.lastEnd : undefined;
}

/** Returns whether another server or the start plan failed, so that this server never ran. */
export function isNotStarted({ reason }: Failure): boolean {
  return reason === 'dependencyFailed' || reason === 'dependencyCycle' || reason === 'unknownServer';
}

/** Returns the origin of the present, queued or last run. `undefined` for the user, or if it is unknown. */
export function startedBy(state: ServerState): Origin | undefined {
  if (state.kind === 'reserved' || state.kind === 'queued') return state.startedBy;
  return 'run' in state ? state.run.startedBy : lastEndOf(state)?.startedBy;
}

/** Returns the restart that is planned for the server. */
export function plannedRestart(state: ServerState): Extract<Restart, { kind: 'planned' }> | undefined {
  const restart = lastEndOf(state)?.restart;
  return restart?.kind === 'planned' ? restart : undefined;
}

/** Returns whether the row shows how the last run ended, which the user may dismiss. */
export function isDismissable(state: ServerState): boolean {
  return isIdle(state) && !plannedRestart(state) && (state.kind === 'crashed' || state.lastEnd !== undefined);
}

/** Returns whether a stop has an effect: on a run, a queued start or a planned restart. */
export function isStoppable(state: ServerState): boolean {
  return !isIdle(state) || plannedRestart(state) !== undefined;
}

/** Returns whether a terminal of the server would show output. */
export function hasTerminal(state: ServerState): boolean {
  if (state.kind === 'crashed' && state.crash.kind === 'failure') return !isNotStarted(state.crash);
  return state.kind !== 'queued' && (state.kind !== 'stopped' || state.lastEnd !== undefined);
}

/** Returns whether the process runs under this window and no stop was requested. */
export function isUp(
  state: ServerState,
): state is Extract<ServerState, { kind: 'starting' | 'ready' | 'unhealthy' }> {
  return state.kind === 'starting' || state.kind === 'ready' || state.kind === 'unhealthy';
}
