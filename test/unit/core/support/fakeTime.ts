import type { Clock, Timer } from '../../../../src/core/common.js';

/** Time that passes only when a test says so. */
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

  /** How long each of what is due later has still to wait. */
  get waits(): readonly number[] {
    return [...this.#due].map(({ at }) => at - this.#tick);
  }

  /** Calls what becomes due within that time, and lets everything settle that follows from it. */
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

/** Resolves when everything that can go on without time has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
