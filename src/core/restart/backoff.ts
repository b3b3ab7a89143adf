import type { Restart, RunEnd } from '../server/state.js';
import { restartModes, type RestartMode } from '../server/overrides.js';

/** What earlier ends of a server say about the next one. Plain data, never changed. */
export interface RestartHistory {
  /** Restarts since it last ran long enough. */
  readonly streak: number;
  /** When it ended within the last minute, monotonic milliseconds. */
  readonly ends: readonly number[];
}

/** The end of a run, with what must be known to decide. */
export interface EndedRun {
  readonly end: Pick<RunEnd, 'exit' | 'interrupted'>;
  readonly ranMs: number;
  /** Monotonic milliseconds. */
  readonly tick: number;
}

/** What follows an end; nothing when the server is left down without a word. */
export interface RestartDecision {
  readonly restart: Restart | undefined;
  readonly history: RestartHistory;
}

/** A server about which nothing is known. */
export const freshHistory: RestartHistory = { streak: 0, ends: [] };

const firstDelayMs = 1000;
const maxDelayMs = 30_000;

/** A server that ran this long works, so its next end is a first one, milliseconds. */
const stableRunMs = 60_000;

/** So many ends within so many milliseconds are not going to stop by themselves. */
const maxRecentEnds = 5;
const recentEndsMs = 60_000;

/** What is said for one server goes before the setting `devServers.restart`, which counts as not set when it is wrong. */
export function restartMode(override: RestartMode | undefined, setting: unknown): RestartMode {
  return override ?? restartModes.find((mode) => mode === setting) ?? restartModes[0];
}

/** Whether, and after which pause, a server is started again: each time later, and not at all when it does not help. */
export function decideRestart(mode: RestartMode, run: EndedRun, history: RestartHistory): RestartDecision {
  if (!wantsRestart(mode, run.end)) return { restart: undefined, history: freshHistory };
  const ends = [...history.ends.filter((tick) => run.tick - tick < recentEndsMs), run.tick];
  if (ends.length >= maxRecentEnds) {
    return { restart: { kind: 'givenUp', ends: ends.length }, history: freshHistory };
  }
  const streak = run.ranMs >= stableRunMs ? 0 : history.streak;
  const delayMs = Math.min(firstDelayMs * 2 ** streak, maxDelayMs);
  return { restart: { kind: 'planned', delayMs }, history: { streak: streak + 1, ends } };
}

/** Who presses Ctrl+C wants the server to be down, whatever its exit status is. */
function wantsRestart(mode: RestartMode, { exit, interrupted }: EndedRun['end']): boolean {
  if (interrupted || mode === 'never') return false;
  return mode === 'always' || exit.kind === 'signal' || (exit.kind === 'code' && exit.code !== 0);
}
