/**
 * The address found last, to pass over mentions of the same server at a glance: a flood of output may name it thousands of
 * times, and what follows tells no more about where it is.
 */
export class RepeatedUrl {
  #origin = '';
  /** Where a hint ends in the origin. */
  #hintEnd = 0;
  #isRoot = false;

  /** `url` is in normal form. */
  set(url: string): void {
    const slash = url.indexOf('/', url.indexOf('://') + 3);
    this.#origin = url.slice(0, slash);
    this.#isRoot = slash === url.length - 1;
    const name = this.#origin.lastIndexOf('localhost');
    this.#hintEnd = name === -1 ? this.#origin.indexOf('://') + 4 : name + 'localhost'.length;
  }

  /** Where this address ends in the text if it is around the hint that ends there, and its path no shorter; or else -1. */
  endAround(text: string, hintEnd: number): number {
    const start = hintEnd - this.#hintEnd;
    if (this.#origin === '' || !text.startsWith(this.#origin, start)) return -1;
    const end = start + this.#origin.length;
    const isLonger = text.startsWith('/', end) && !/\s/.test(text.charAt(end + 1));
    return isLonger || (this.#isRoot && /[\s/]/.test(text.charAt(end))) ? end : -1;
  }
}
