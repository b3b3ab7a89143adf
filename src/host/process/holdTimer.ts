/** Shortest and longest interval of the ticks, milliseconds: a long hold needs few of them. */
const minTickMs = 1000;
const maxTickMs = 30_000;

/** Share of the hold after which a tick follows. */
const ticksPerHold = 30;

/** Time in which a window comes that is loaded again, milliseconds. Until then what has ended is held too, to be reported. */
const reloadMs = 60_000;

export interface HoldTimerOptions {
  readonly holdMs: number;
  /** Returns whether there is still anything to hold. */
  readonly isNeeded: () => boolean;
  readonly onEnd: () => void;
  /** Called at each tick before the end. */
  readonly onTick?: () => void;
  /** Monotonic time, milliseconds. */
  readonly now?: () => number;
}

/**
 * Runs down while there is no window. A tick counts for at most two intervals, so neither sleep of the machine nor a
 * stopped process uses the time up; and no change of the wall clock does.
 */
export class HoldTimer {
  readonly #tickMs: number;
  readonly #timer: NodeJS.Timeout;
  #heldMs = 0;
  #tickedAt: number;

  constructor(private readonly options: HoldTimerOptions) {
    const { holdMs } = options;
    this.#tickMs = Math.min(holdMs, Math.max(minTickMs, Math.min(holdMs / ticksPerHold, maxTickMs)));
    this.#tickedAt = this.#now();
    this.#timer = setInterval(() => this.tick(), this.#tickMs);
  }

  cancel(): void {
    clearInterval(this.#timer);
  }

  /** Ends an interval. */
  tick(): void {
    const now = this.#now();
    this.#heldMs += Math.min(now - this.#tickedAt, 2 * this.#tickMs);
    this.#tickedAt = now;
    const { holdMs, isNeeded, onEnd, onTick } = this.options;
    if (this.#heldMs < holdMs && (this.#heldMs < reloadMs || isNeeded())) return onTick?.();
    this.cancel();
    onEnd();
  }

  #now(): number {
    return this.options.now?.() ?? performance.now();
  }
}
