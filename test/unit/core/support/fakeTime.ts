import type { Clock, Timer } from '../../../../src/core/common.js';

/** Clock and timer that a test advances. */
export class FakeTime implements Clock, Timer {
  readonly #due = new Set<{ readonly at: number; readonly action: () => void }>();
  #tick = 0;

  now(): number {
    return 1_000_000 + this.#tick;
  }

  tick(): number {
    return this.#tick;
  }

  after(milliseconds: number, action: () => void): () => void {
    const entry = { at: this.#tick + milliseconds, action };
    this.#due.add(entry);
    return () => this.#due.delete(entry);
  }

  /** Remaining time of each pending timer, milliseconds. */
  get waits(): readonly number[] {
    return [...this.#due].map(({ at }) => at - this.#tick);
  }

  /** Advances the time, calls the timers that are due, and drains the promise queue. */
  async pass(milliseconds: number): Promise<void> {
    this.#tick += milliseconds;
    for (const entry of this.#due) {
      if (entry.at > this.#tick) continue;
      this.#due.delete(entry);
      entry.action();
    }
    await settled();
  }
}

/** Drains the promise queue. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
