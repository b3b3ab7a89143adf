import type { ProcessEntry } from '../system/processes.js';
import { containerStopMs, stopsContainers } from './containerClients.js';

interface StopTimes {
  /** Time after the polite signal, milliseconds. */
  readonly graceMs: number;
  /** Time before it, milliseconds. */
  readonly quietMs?: number;
  /** Called with the milliseconds until SIGKILL when these are not those of the grace. */
  readonly onGraceChange?: (leftMs: number) => void;
}

/** Ends of the time before the polite signal and of the time after it, on the clock of `performance.now`. */
export class StopDeadlines {
  #quiet: number;
  #polite: number;
  /** Of a tree that stops containers. */
  #containers: number;
  /** Of a tree whose containers have stopped. */
  #afterContainers = Number.NEGATIVE_INFINITY;
  /** What the caller of the stop expects. */
  #expected: number;
  #graceMs: number;

  constructor(private readonly times: StopTimes) {
    this.#graceMs = times.graceMs;
    this.#quiet = performance.now() + (times.quietMs ?? 0);
    this.#polite = this.#quiet + times.graceMs;
    this.#containers = times.graceMs > 0 ? this.#quiet + containerStopMs : this.#polite;
    this.#expected = this.#polite;
  }

  /** Returns until when the processes are left alone. */
  quiet(): number {
    return this.#quiet;
  }

  /** Returns until when these processes are waited for after the polite signal. */
  polite(members: readonly ProcessEntry[]): number {
    if (members.length === 0) return this.#polite;
    const deadline = this.#politeFor(members);
    if (deadline !== this.#expected) {
      this.#expected = deadline;
      this.times.onGraceChange?.(deadline - performance.now());
    }
    return deadline;
  }

  /** Ends the quiet time, and the grace at the latest after this time. While containers are stopped only 0 shortens it. */
  shorten(graceMs: number): void {
    this.#quiet = performance.now();
    // The stop that joins this one knows only its own grace.
    this.#expected = this.#quiet + graceMs;
    this.#polite = Math.min(this.#polite, this.#expected);
    this.#graceMs = Math.min(this.#graceMs, graceMs);
    if (graceMs > 0) return;
    this.#containers = this.#polite;
    this.#afterContainers = this.#polite;
  }

  #politeFor(members: readonly ProcessEntry[]): number {
    if (!stopsContainers(members)) return Math.max(this.#polite, this.#afterContainers);
    // A shell or npm that waits for the client cannot end before it, and the client has no command line while it exits.
    this.#afterContainers = Math.min(this.#containers, performance.now() + this.#graceMs);
    return Math.max(this.#polite, this.#containers);
  }
}
