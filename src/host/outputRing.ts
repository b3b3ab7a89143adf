const blocks = 16;

/**
 * Keeps the last bytes of an output, in blocks: joining pieces on every write would cost a copy of the whole, and keeping
 * them as they come would cost far more than their bytes where they are small.
 */
export class OutputRing {
  readonly #blockBytes: number;
  #blocks: Buffer[] = [];
  /** Bytes that are free in the last block. */
  #room = 0;
  #droppedBytes = 0;

  /** Keeps at most so many bytes, and at least that without one block. */
  constructor(capacity: number) {
    this.#blockBytes = Math.floor(capacity / blocks);
  }

  /** How many bytes were pushed that are not kept any more. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const block = this.#blockWithRoom();
      const copied = chunk.copy(block, block.length - this.#room, at);
      this.#room -= copied;
      at += copied;
    }
  }

  /**
   * What is kept. When something was dropped, it begins after the first line end, so that it begins neither inside a
   * character nor inside an escape sequence.
   */
  bytes(): Buffer {
    const all = Buffer.concat(this.#blocks);
    return all.subarray(this.#droppedBytes > 0 ? all.indexOf(0x0a) + 1 : 0, all.length - this.#room);
  }

  text(): string {
    return this.bytes().toString();
  }

  #blockWithRoom(): Buffer {
    const last = this.#blocks.at(-1);
    if (last && this.#room > 0) return last;
    const block = this.#oldestToReuse() ?? Buffer.allocUnsafeSlow(this.#blockBytes);
    this.#blocks.push(block);
    this.#room = block.length;
    return block;
  }

  /** The oldest block when there are as many as there may be. New ones all the time would pile up as garbage in a flood. */
  #oldestToReuse(): Buffer | undefined {
    if (this.#blocks.length < blocks) return undefined;
    this.#droppedBytes += this.#blockBytes;
    return this.#blocks.shift();
  }
}
