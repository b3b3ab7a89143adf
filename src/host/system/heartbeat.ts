export interface HeartbeatDeps {
  /** Asks the other process for a sign of life. */
  readonly ping: () => void;
  /** Called for each interval without one, with their number in a row. */
  readonly onSilence: (intervals: number) => void;
  /** Called at the end of each interval in which this process ran. */
  readonly onInterval?: () => void;
  readonly intervalMs: number;
  /** Monotonic time, milliseconds. */
  readonly now?: () => number;
}

/** If an interval took this many times longer, it is ignored: this process was busy, or the machine slept. */
const lateFactor = 1.5;

/** Watches whether another process responds, by intervals in which this process itself ran. */
export class Heartbeat {
  #timer: NodeJS.Timeout | undefined;
  #tickedAt = 0;
  #hasHeard = true;
  #silentIntervals = 0;

  constructor(private readonly deps: HeartbeatDeps) {}

  /** Begins, unless it has begun before. */
  start(): void {
    if (this.#timer) return;
    this.#silentIntervals = 0;
    this.#beginInterval();
    this.#timer = setInterval(() => this.tick(), this.deps.intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Call for everything that the other process sends. */
  heard(): void {
    this.#hasHeard = true;
    this.#silentIntervals = 0;
  }

  /** Ends an interval. */
  tick(): void {
    const isLate = this.#now() - this.#tickedAt > this.deps.intervalMs * lateFactor;
    if (isLate) this.#silentIntervals = 0;
    else if (!this.#hasHeard) this.deps.onSilence(++this.#silentIntervals);
    if (!isLate) this.deps.onInterval?.();
    if (this.#timer) this.#beginInterval();
  }

  #beginInterval(): void {
    this.#tickedAt = this.#now();
    this.#hasHeard = false;
    // A process that has not answered yet needs no second question.
    if (this.#silentIntervals === 0) this.deps.ping();
  }

  #now(): number {
    // A program that asks for one answer would load `performance` for this alone.
    return this.deps.now?.() ?? process.uptime() * 1000;
  }
}
