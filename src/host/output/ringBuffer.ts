/** Blocks of a full ring. */
const maxBlocks = 16;

/** Most servers write a few lines and then rest, so the first block is small; each next one is as large as all before it. */
const firstBlockBytes = 4096;

/**
 * Keeps the last bytes of an output, in blocks: joining pieces on every write would cost a copy of the whole, and keeping
 * them as they come would cost far more than their bytes where they are small.
 */
export class RingBuffer {
  readonly #largestBlock: number;
  readonly #blocks: Buffer[] = [];
  /** The size of all blocks. */
  #size = 0;
  /** Bytes that are free in the last block. */
  #room = 0;
  #droppedBytes = 0;

  /** Keeps at most so many bytes, and at least that without one block. */
  constructor(private readonly capacity: number) {
    this.#largestBlock = Math.floor(capacity / maxBlocks);
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
   * What is kept, or at most so many of its last bytes. Where something is left out before, it begins after the first line
   * end, so that it begins neither inside a character nor inside an escape sequence.
   */
  bytes(most = this.capacity): Buffer {
    const kept = this.#size - this.#room;
    const parts: Buffer[] = [];
    let size = -this.#room;
    for (const block of this.#blocks.toReversed()) {
      if (size >= most) break;
      parts.unshift(block);
      size += block.length;
    }
    const all = Buffer.concat(parts, size).subarray(Math.max(0, size - most));
    return all.subarray(this.#droppedBytes > 0 || all.length < kept ? all.indexOf(0x0a) + 1 : 0);
  }

  text(most?: number): string {
    return this.bytes(most).toString();
  }

  #blockWithRoom(): Buffer {
    const last = this.#blocks.at(-1);
    if (last && this.#room > 0) return last;
    const size = Math.min(Math.max(this.#size, firstBlockBytes), this.#largestBlock);
    const block = this.#makeRoom(size) ?? Buffer.allocUnsafeSlow(size);
    this.#blocks.push(block);
    this.#size += size;
    this.#room = size;
    return block;
  }

  /** Gives up the oldest. It is used again where it has the size: new blocks all the time would pile up in a flood. */
  #makeRoom(size: number): Buffer | undefined {
    let oldest: Buffer | undefined;
    while (this.#size + size > this.capacity) {
      oldest = this.#blocks.shift();
      if (!oldest) return undefined;
      this.#size -= oldest.length;
      this.#droppedBytes += oldest.length;
    }
    return oldest?.length === size ? oldest : undefined;
  }
}
