import { sliceMs } from './limits.js';
import type { Turns } from './ports.js';

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
