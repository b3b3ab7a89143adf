const blockBytes = 64 * 1024;

/** Size of the first block of an empty queue, which is enough for most servers. */
const firstBlockBytes = 4096;

/**
 * Output that waits for the disk; drops the oldest when it exceeds its bound. Chunks are copied into blocks: the output of
 * one write is contiguous, so that a log file can end at a line, and a small chunk does not keep a larger buffer alive.
 */
export class OutputQueue {
  #blocks: Buffer[] = [];
  /** Bytes used of the last block. */
  #used = 0;
  #droppedBytes = 0;
  readonly #maxBlocks: number;

  constructor(maxBytes: number) {
    this.#maxBlocks = Math.max(1, Math.floor(maxBytes / blockBytes));
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  get isHalfFull(): boolean {
    return this.#blocks.length * 2 >= this.#maxBlocks;
  }

  push(chunk: Buffer): void {
    for (let position = 0; position < chunk.length;) {
      const copied = chunk.copy(this.#blockWithRoom(), this.#used, position);
      this.#used += copied;
      position += copied;
    }
  }

  /** Removes and returns all output, the oldest first. */
  takeAll(): Buffer[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    const last = blocks.pop();
    return last ? [...blocks, last.subarray(0, this.#used)] : [];
  }

  /** Returns the number of bytes dropped since the last call. */
  takeDroppedBytes(): number {
    const dropped = this.#droppedBytes;
    this.#droppedBytes = 0;
    return dropped;
  }

  #blockWithRoom(): Buffer {
    const last = this.#blocks.at(-1);
    if (last && this.#used < last.length) return last;
    if (this.#blocks.length >= this.#maxBlocks) this.#droppedBytes += this.#blocks.shift()?.length ?? 0;
    const block = Buffer.allocUnsafeSlow(this.isEmpty ? firstBlockBytes : blockBytes);
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }
}
