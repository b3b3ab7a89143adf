import type { ServerDefinition } from '../server/definition.js';
import type { ServerState } from '../server/state.js';
import { lastEndOf, plannedRestart } from '../server/stateQueries.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { RestartRecord } from '../restart/restartPolicy.js';

/** Facts about a server for the next window. The process host keeps them as a text, which is never written to a disk. */
export interface SavedServer {
  readonly definition: ServerDefinition;
  readonly state: ServerState;
  /** Port that its last start used instead of its own. */
  readonly port?: number;
  readonly restarts?: RestartRecord;
}

/** Returns whether the next window needs this server: it is not just stopped. */
export function isWorthSaving({ state }: ServerRecord): boolean {
  return state.kind !== 'stopped' || lastEndOf(state) !== undefined;
}

/** Returns whether the state is a reason to hold the servers for the next window, although no process of it runs. */
export function isReasonToHold(state: ServerState): boolean {
  return state.kind === 'queued' || plannedRestart(state) !== undefined;
}

/** Returns the saved server; `undefined` if the text is not one. */
export function parseSavedServer(text: string): SavedServer | undefined {
  try {
    const value = JSON.parse(text) as Partial<SavedServer>;
    const isComplete = typeof value.definition?.id === 'string' && typeof value.state?.kind === 'string';
    return isComplete ? (value as SavedServer) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns whether this window has not changed the server yet, so that it can take over the earlier window's state. */
export function isFresh({ state }: ServerRecord): boolean {
  return state.kind === 'stopped' && state.lastEnd === undefined;
}
