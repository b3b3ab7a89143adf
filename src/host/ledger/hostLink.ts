import * as v from 'valibot';

/** How the next window reaches a process host that holds servers for it. */
export const hostLinkSchema = v.object({
  /** Version of the messages. */
  protocol: v.number(),
  /** Path of a socket, or name of a pipe. */
  address: v.string(),
  /** Shown by the window, so that only a process that can read this record is let in. */
  token: v.string(),
  /** When the servers end, for display, milliseconds since 1970. */
  heldUntil: v.number(),
});

export type HostLink = v.InferOutput<typeof hostLinkSchema>;
