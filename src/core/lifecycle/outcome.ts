import type { RunId } from '../server/state.js';

/** Result of a start, stop or restart; failures are thrown as `ServerError`. */
export type Outcome =
  | { readonly kind: 'started' }
  | { readonly kind: 'alreadyRunning' }
  /** The start waits for dependencies; the caller resumes it, see `OrderedStart`. */
  | { readonly kind: 'queued'; readonly runId: RunId }
  | { readonly kind: 'stopped'; readonly forced: boolean; readonly busyPorts: readonly number[] }
  | { readonly kind: 'notRunning' };
