/** Pauses between two scans, each twice the one before, milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly max: number;
}

export const waitingBackoff: Backoff = { first: 25, max: 2000 };
export const timedOutBackoff: Backoff = { first: 2000, max: 30_000 };
export const silentBackoff: Backoff = { first: 250, max: 5000 };
/** For a ready server, whose sockets are scanned without its knowledge. */
export const readyBackoff: Backoff = { first: 500, max: 10_000 };
/** Between requests to a ready server, which may log each of them. */
export const probeBackoff: Backoff = { first: 5000, max: 300_000 };

/** Between requests to a server that is no longer starting and has news after each of them: it may answer with the news. */
export const newsBackoff: Backoff = { first: 25, max: 300_000 };

/** Pause before the first scan without an expected port: an unannounced socket counts after a second; milliseconds. */
export const noPortPauseMs = 500;

/** Pause between the first evidence that the port is taken and the next scan, milliseconds: some servers move by themselves. */
export const evidencePauseMs = 400;

/** Maximum pause while another program is reported to use the port, since no event reports that it stops; milliseconds. */
export const maxConflictPauseMs = 2000;

/** Maximum time for a response: for the first one, which may include a build, and for later ones; milliseconds. */
export const firstResponseMs = 30_000;
export const laterResponseMs = 10_000;

/** Returns the pause after another one. */
export function doubled(pauseMs: number, { first, max }: Backoff): number {
  return Math.min(Math.max(pauseMs * 2, first), max);
}
