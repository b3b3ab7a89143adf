/** What became of a start, stop or restart; failures are thrown as `ServerError`. */
export type Outcome =
  | { readonly kind: 'started' }
  | { readonly kind: 'alreadyRunning' }
  | { readonly kind: 'stopped'; readonly forced: boolean; readonly busyPorts: readonly number[] }
  | { readonly kind: 'notRunning' };
