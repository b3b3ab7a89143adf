/** Minimum and maximum interval of the ticks, milliseconds: a long hold needs few of them. */
const minTickMs = 1000;
const maxTickMs = 30_000;

/** Share of the hold after which a tick follows. */
const ticksPerHold = 30;

/**
 * Time for a reloaded window to connect, milliseconds. Until then, ended runs are held too, so that the window can
 * report them.
 */
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
 * Counts down while there is no window. A tick counts for at most two intervals, so the time is not used up by sleep of
 * the machine, by a suspended process or by a change of the wall clock.
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
