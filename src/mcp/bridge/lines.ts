const lineFeed = 0x0a;

/** Thrown for a line that is too long. */
class LongLineError extends Error {
  override readonly name = 'LongLineError';
}

/** Splits the chunks of a socket into lines; keeps at most one unfinished line of bounded length. */
export class LineReader {
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** Returns the lines that end in `chunk`. Throws a `LongLineError` for one of more than `maxBytes`. */
  push(chunk: Buffer, maxBytes: number): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      this.#keep(chunk.subarray(start, end), maxBytes);
      lines.push(Buffer.concat(this.#pieces).toString('utf8'));
      this.#pieces = [];
      this.#bytes = 0;
      start = end + 1;
    }
    this.#keep(chunk.subarray(start), maxBytes);
    return lines;
  }

  #keep(piece: Buffer, maxBytes: number): void {
    this.#bytes += piece.length;
    if (this.#bytes > maxBytes) throw new LongLineError(`A line has more than ${maxBytes} bytes.`);
    if (piece.length > 0) this.#pieces.push(piece);
  }
}
