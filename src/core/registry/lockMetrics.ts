/** Use of a lock so far. */
export interface LockMetrics {
  /** Number of finished holds. */
  readonly acquisitions: number;
  /** Number of callers that wait for the lock or hold it now. */
  readonly waiting: number;
  readonly maxHoldMs: number;
  /** 99th percentile of the recent holds. */
  readonly p99HoldMs: number;
}

/** Number of holds that count as recent. */
const maxRecentHolds = 1000;

/** Counts and times the holds of a lock. */
export class LockMeter {
  readonly #recentMs: number[] = [];
  #acquisitions = 0;
  #waiting = 0;
  #maxHoldMs = 0;

  /** `now` returns monotonic milliseconds. */
  constructor(private readonly now = () => performance.now()) {}

  get metrics(): LockMetrics {
    const sorted = this.#recentMs.toSorted((one, other) => one - other);
    return {
      acquisitions: this.#acquisitions,
      waiting: this.#waiting,
      maxHoldMs: this.#maxHoldMs,
      p99HoldMs: sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0,
    };
  }

  /** Returns the work with its measurement: it counts as waiting from now on, and is timed while it runs. */
  measure<T>(work: () => T | Promise<T>): () => T | Promise<T> {
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
    this.#recentMs[this.#acquisitions % maxRecentHolds] = holdMs;
    this.#acquisitions += 1;
    this.#maxHoldMs = Math.max(this.#maxHoldMs, holdMs);
  }
}
