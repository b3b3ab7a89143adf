// @ts-check

/** The time since it was made. */
export class Stopwatch {
  #started = performance.now();

  /** The time in seconds, for people. */
  get text() {
    return `${((performance.now() - this.#started) / 1000).toFixed(1)} s`;
  }
}
