import { sliceMs } from './limits.js';
import type { Turns } from './ports.js';

/** Those that a test picks, when there are many and the test takes its time. */
export async function inSlices(
  turns: Turns,
  paths: readonly string[],
  isWanted: (path: string) => boolean,
): Promise<string[]> {
  const slices = new Slices(turns);
  const wanted: string[] = [];
  for (const path of paths) {
    if (isWanted(path)) wanted.push(path);
    await slices.pause();
  }
  return wanted;
}

/** Interrupts a long piece of work often enough for others to have their turn. */
export class Slices {
  #since: number;

  constructor(private readonly turns: Turns) {
    this.#since = turns.now();
  }

  /** To be awaited between two steps of the work. */
  async pause(): Promise<void> {
    if (this.turns.now() - this.#since < sliceMs) return;
    await this.turns.next();
    this.#since = this.turns.now();
  }
}
