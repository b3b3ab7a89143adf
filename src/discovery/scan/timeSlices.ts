import { sliceMs } from '../files/limits.js';
import type { EventLoopTurns } from '../files/workspaceFiles.js';

/** Filters many paths by a slow condition, in slices. */
export async function filterInSlices(
  paths: readonly string[],
  slices: Slices,
  isWanted: (path: string) => boolean,
): Promise<string[]> {
  const wanted: string[] = [];
  for (const path of paths) {
    if (isWanted(path)) wanted.push(path);
    if (slices.isDue) await slices.pause();
  }
  return wanted;
}

/** Interrupts long work often enough for other events to get their turn. */
export class Slices {
  #since: number;

  constructor(private readonly turns: EventLoopTurns) {
    this.#since = turns.now();
  }

  /** Whether the current slice has lasted long enough for a `pause`. */
  get isDue(): boolean {
    return this.turns.now() - this.#since >= sliceMs;
  }

  /** Ends the current slice if it has lasted long enough. Await it between two steps of the work. */
  async pause(): Promise<void> {
    if (!this.isDue) return;
    await this.turns.next();
    this.#since = this.turns.now();
  }
}
