/** How a lock was used so far. */
export interface LockMetrics {
  /** Times it was held. */
  readonly acquisitions: number;
  /** Who waits for it or holds it now. */
  readonly waiting: number;
  readonly maxHoldMs: number;
  /** 99 of 100 of the recent holds were no longer. */
  readonly p99HoldMs: number;
}

/** So many holds are recent. */
const recentHolds = 1000;

/** Counts and times the holds of a lock. */
export class LockMeter {
  readonly #recent: number[] = [];
  #acquisitions = 0;
  #waiting = 0;
  #longest = 0;

  /** `now` tells milliseconds that only ever grow. */
  constructor(private readonly now = () => performance.now()) {}

  get metrics(): LockMetrics {
    const sorted = this.#recent.toSorted((one, other) => one - other);
    return {
      acquisitions: this.#acquisitions,
      waiting: this.#waiting,
      maxHoldMs: this.#longest,
      p99HoldMs: sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0,
    };
  }

  /** The same work, counted from now on as waiting, and timed while it runs. */
  measured<T>(work: () => T | Promise<T>): () => T | Promise<T> {
    this.#waiting += 1;
    return () => {
      const start = this.now();
      const record = (): void => this.#record(this.now() - start);
      try {
        const done = work();
        if (done instanceof Promise) return done.finally(record);
        record();
        return done;
      } catch (error) {
        record();
        throw error;
      }
    };
  }

  #record(holdMs: number): void {
    this.#waiting -= 1;
    this.#recent[this.#acquisitions % recentHolds] = holdMs;
    this.#acquisitions += 1;
    this.#longest = Math.max(this.#longest, holdMs);
  }
}
