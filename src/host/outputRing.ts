/** Keeps the last bytes of an output in a list of chunks: joining them on every write would cost a copy of the whole. */
export class OutputRing {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #cut = false;

  constructor(private readonly capacity: number) {}

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes > this.capacity) this.#dropFirst();
  }

  /**
   * What is kept, as text. When something was dropped, it begins after the first line end, so that it begins neither
   * inside a character nor inside an escape sequence.
   */
  text(): string {
    const all = Buffer.concat(this.#chunks);
    const start = this.#cut ? all.indexOf(0x0a) + 1 : 0;
    return all.toString('utf8', start);
  }

  #dropFirst(): void {
    const first = this.#chunks[0];
    if (!first) return;
    this.#cut = true;
    const excess = this.#bytes - this.capacity;
    if (first.length <= excess) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(excess);
    this.#bytes -= Math.min(first.length, excess);
  }
}
