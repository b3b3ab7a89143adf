/** Number of blocks of a full ring. */
const maxBlocks = 16;

/** Size of the first block; it is small since most servers write only a few lines. Each block equals the sum of those before. */
const firstBlockBytes = 4096;

/**
 * Keeps the last bytes of an output in blocks. Joining the chunks on every write would copy the whole, and keeping small
 * chunks as they are would take far more memory than their bytes.
 */
export class RingBuffer {
  readonly #maxBlockBytes: number;
  readonly #blocks: Buffer[] = [];
  /** Total size of all blocks. */
  #size = 0;
  /** Free bytes in the last block. */
  #free = 0;
  #droppedBytes = 0;

  /** Keeps at most `capacity` bytes, and at least `capacity` minus one block. */
  constructor(private readonly capacity: number) {
    this.#maxBlockBytes = Math.floor(capacity / maxBlocks);
  }

  /** Number of pushed bytes that are no longer kept. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  push(chunk: Buffer): void {
    for (let offset = 0; offset < chunk.length;) {
      const block = this.#writableBlock();
      const copied = chunk.copy(block, block.length - this.#free, offset);
      this.#free -= copied;
      offset += copied;
    }
  }

  /**
   * Returns the last bytes, at most `maxBytes`. When earlier bytes are missing it starts after the first line end, so that
   * it starts neither inside a character nor inside an escape sequence.
   */
  bytes(maxBytes = this.capacity): Buffer {
    const kept = this.#size - this.#free;
    const parts: Buffer[] = [];
    let size = -this.#free;
    for (const block of this.#blocks.toReversed()) {
      if (size >= maxBytes) break;
      parts.unshift(block);
      size += block.length;
    }
    const all = Buffer.concat(parts, size).subarray(Math.max(0, size - maxBytes));
    return all.subarray(this.#droppedBytes > 0 || all.length < kept ? all.indexOf(0x0a) + 1 : 0);
  }

  text(maxBytes?: number): string {
    return this.bytes(maxBytes).toString();
  }

  #writableBlock(): Buffer {
    const last = this.#blocks.at(-1);
    if (last && this.#free > 0) return last;
    const size = Math.min(Math.max(this.#size, firstBlockBytes), this.#maxBlockBytes);
    const block = this.#dropOldest(size) ?? Buffer.allocUnsafeSlow(size);
    this.#blocks.push(block);
    this.#size += size;
    this.#free = size;
    return block;
  }

  /** Drops the oldest blocks and returns the last of them for reuse if its size fits: during a flood, new ones would pile up. */
  #dropOldest(size: number): Buffer | undefined {
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
