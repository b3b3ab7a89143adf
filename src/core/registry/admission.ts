import type { ServerDefinition } from '../server/definition.js';
import type { Origin } from '../server/origin.js';

/**
 * Decides whether a server may start now. Called under the registry's lock, so that the answer still holds when the
 * start is recorded; it may query the editor but must not wait for the user. Refuses by throwing a `ServerError`.
 */
export interface Admission {
  admit(definition: ServerDefinition, running: number): Promise<void>;
}

/** Options of one start. */
export interface StartOptions {
  /** Port to use instead of the server's own. */
  readonly port?: number;
  /** The start waits in the queue until every dependency of the server is ready. */
  readonly afterDependencies?: boolean;
  /** Default: the user. */
  readonly startedBy?: Origin;
}
