/** Maximum number of servers in one list. */
export const maxListedServers = 200;

/** Bounds of one part of a log. No answer is longer, even if the request asks for more. */
export const logLimits = { defaultLines: 100, maxLines: 1000, maxBytes: 64 * 1024 } as const;

/** Time that a call waits for a server to become ready; seconds. */
export const waitLimits = { defaultSeconds: 45, maxSeconds: 300 } as const;
