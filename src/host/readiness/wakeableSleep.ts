/** A sleep that can be shortened, also before it starts. */
export class WakeableSleep {
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #until = Number.POSITIVE_INFINITY;

  /** Does not keep the process alive. Resolves with whether it was shortened. */
  async sleep(milliseconds: number): Promise<boolean> {
    const end = performance.now() + milliseconds;
    const rest = Math.max(0, Math.min(milliseconds, this.#until - performance.now()));
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#set(rest);
    });
    this.#wake = undefined;
    const isShortened = this.#until < end;
    this.#until = Number.POSITIVE_INFINITY;
    return isShortened;
  }

  /** Ends the current sleep, or else the next one, after at most this many milliseconds from now. */
  shorten(milliseconds = 0): void {
    if (performance.now() + milliseconds >= this.#until) return;
    if (this.#wake && milliseconds === 0) this.#end();
    else if (this.#wake) this.#set(milliseconds);
    else this.#until = performance.now() + milliseconds;
  }

  #set(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#until = performance.now() + milliseconds;
    this.#timer = setTimeout(() => this.#end(), milliseconds).unref();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#wake?.();
  }
}
