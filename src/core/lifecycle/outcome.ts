import type { RunId } from '../server/state.js';

/** What became of a start, stop or restart; failures are thrown as `ServerError`. */
export type Outcome =
  | { readonly kind: 'started' }
  | { readonly kind: 'alreadyRunning' }
  /** It waits for servers that it depends on; who asked for that sees to it, see `OrderedStart`. */
  | { readonly kind: 'queued'; readonly runId: RunId }
  | { readonly kind: 'stopped'; readonly forced: boolean; readonly busyPorts: readonly number[] }
  | { readonly kind: 'notRunning' };
