/**
 * Remembers the URL that was found last, to skip repetitions cheaply: a flood of output may contain it thousands of
 * times.
 */
export class RepeatedUrl {
  #origin = '';
  /** Offset in the origin at which a hint ends. */
  #hintEnd = 0;
  #isRoot = false;

  /** Sets the URL, which is in normal form. */
  set(url: string): void {
    const slash = url.indexOf('/', url.indexOf('://') + 3);
    this.#origin = url.slice(0, slash);
    this.#isRoot = slash === url.length - 1;
    const name = this.#origin.lastIndexOf('localhost');
    this.#hintEnd = name === -1 ? this.#origin.indexOf('://') + 4 : name + 'localhost'.length;
  }

  /**
   * Returns the end of this URL in the text if it contains the hint that ends there, with the same or a longer path; or
   * -1.
   */
  endAround(text: string, hintEnd: number): number {
    const start = hintEnd - this.#hintEnd;
    if (this.#origin === '' || !text.startsWith(this.#origin, start)) return -1;
    const end = start + this.#origin.length;
    const isLonger = text.startsWith('/', end) && !/\s/.test(text.charAt(end + 1));
    return isLonger || (this.#isRoot && /[\s/]/.test(text.charAt(end))) ? end : -1;
  }
}
