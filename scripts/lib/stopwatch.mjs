// @ts-check

/** Measures the time since its creation. */
export class Stopwatch {
  #started = performance.now();

  /** Elapsed time for display, as in `1.5 s`. */
  get text() {
    return `${((performance.now() - this.#started) / 1000).toFixed(1)} s`;
  }
}
