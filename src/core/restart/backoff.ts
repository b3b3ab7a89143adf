import type { Restart, RunEnd } from '../server/state.js';
import { restartModes, type RestartMode } from '../server/overrides.js';

/** Earlier ends of a server, as far as they affect the next decision. Plain data, never changed. */
export interface RestartHistory {
  /** Restarts since the last stable run. */
  readonly streak: number;
  /** Ends within the last minute, monotonic milliseconds. */
  readonly ends: readonly number[];
}

/** End of a run, with the facts that the decision needs. */
export interface EndedRun {
  readonly end: Pick<RunEnd, 'exit' | 'interrupted'>;
  readonly ranMs: number;
  /** Monotonic milliseconds. */
  readonly tick: number;
}

/** Decision after an end. Without `restart` the server stays down silently. */
export interface RestartDecision {
  readonly restart: Restart | undefined;
  readonly history: RestartHistory;
}

/** History of a server without earlier ends. */
export const emptyHistory: RestartHistory = { streak: 0, ends: [] };

const firstDelayMs = 1000;
const maxDelayMs = 30_000;

/** A run of this duration counts as stable, so that its end starts a new streak, milliseconds. */
const stableRunMs = 60_000;

/** Circuit breaker: this number of ends within this time is a crash loop, and ends the restarts. */
const maxRecentEnds = 5;
const recentEndsMs = 60_000;

/** Returns the server's own mode, or that of the setting `devServers.restart`; an invalid value counts as not set. */
export function restartMode(override: RestartMode | undefined, setting: unknown): RestartMode {
  return override ?? restartModes.find((mode) => mode === setting) ?? restartModes[0];
}

/** Decides whether to restart a server, with exponential backoff, until the circuit breaker opens. */
export function decideRestart(mode: RestartMode, run: EndedRun, history: RestartHistory): RestartDecision {
  if (!wantsRestart(mode, run.end)) return { restart: undefined, history: emptyHistory };
  const ends = [...history.ends.filter((tick) => run.tick - tick < recentEndsMs), run.tick];
  if (ends.length >= maxRecentEnds) {
    return { restart: { kind: 'givenUp', ends: ends.length }, history: emptyHistory };
  }
  const streak = run.ranMs >= stableRunMs ? 0 : history.streak;
  const delayMs = Math.min(firstDelayMs * 2 ** streak, maxDelayMs);
  return { restart: { kind: 'planned', delayMs }, history: { streak: streak + 1, ends } };
}

/**
 * Returns whether the mode restarts after this end. A run that the user interrupted is not restarted, regardless of its
 * exit status.
 */
function wantsRestart(mode: RestartMode, { exit, interrupted }: EndedRun['end']): boolean {
  if (interrupted || mode === 'never') return false;
  return mode === 'always' || exit.kind === 'signal' || (exit.kind === 'code' && exit.code !== 0);
}
