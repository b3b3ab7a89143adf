import type { ServerDefinition } from '../server/definition.js';
import type { Origin } from '../server/origin.js';

/**
 * Decides whether a server may start now. Asked under the registry's lock, so that the answer still holds when the start
 * is recorded; it may ask the editor but must not wait for a person. Refuses by throwing a `ServerError`.
 */
export interface Admission {
  admit(definition: ServerDefinition, running: number): Promise<void>;
}

/** What is asked of one start. */
export interface StartOptions {
  /** The port to use instead of the server's own. */
  readonly port?: number;
  /** Whether the start waits in the queue until everything is ready that the server depends on. */
  readonly afterDependencies?: boolean;
  /** Who wants it. Default: a person. */
  readonly startedBy?: Origin;
}
