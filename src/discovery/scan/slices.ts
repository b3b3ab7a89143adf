import { sliceMs } from '../files/limits.js';
import type { EventLoopTurns } from '../files/workspaceFiles.js';

/** Those that a test picks, when there are many and the test takes its time. */
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

/** Interrupts a long piece of work often enough for others to have their turn. */
export class Slices {
  #since: number;

  constructor(private readonly turns: EventLoopTurns) {
    this.#since = turns.now();
  }

  /** It has been going on for long, so that `pause` is due. */
  get isDue(): boolean {
    return this.turns.now() - this.#since >= sliceMs;
  }

  /** To be awaited between two steps of the work; others have their turn then, if this one has been long. */
  async pause(): Promise<void> {
    if (!this.isDue) return;
    await this.turns.next();
    this.#since = this.turns.now();
  }
}
