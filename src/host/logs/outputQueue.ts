import { Debouncer } from '../../core/debouncer.js';
import { backgroundTimer } from '../system/timers.js';

const blockBytes = 64 * 1024;

/** Size of the first block of an empty queue, which is enough for most servers. */
const firstBlockBytes = 4096;

/**
 * Free blocks of all queues. They bound the memory of a flood: blocks that wait for the disk outlive the quick garbage
 * collection, so that new ones would pile up until the next full one (measured: 66 MiB instead of 11).
 */
const freeBlocks: Buffer[] = [];

/** The flood is over, and the free blocks are dropped, when none was returned for this long, milliseconds. */
const keepFreeMs = 10_000;
const dropFreeBlocks = new Debouncer(backgroundTimer, () => void (freeBlocks.length = 0));

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

  /** Removes and returns all output, the oldest first. Return the blocks with `reuseBlocks` afterwards. */
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
    if (this.#blocks.length >= this.#maxBlocks) this.#dropOldest();
    const block = this.isEmpty
      ? Buffer.allocUnsafeSlow(firstBlockBytes)
      : (freeBlocks.pop() ?? Buffer.allocUnsafeSlow(blockBytes));
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }

  #dropOldest(): void {
    const oldest = this.#blocks.shift();
    if (!oldest) return;
    this.#droppedBytes += oldest.length;
    reuseBlocks([oldest]);
  }
}

/** Lets queues use blocks again that were taken from one. They must not be read any more. */
export function reuseBlocks(blocks: readonly Buffer[]): void {
  for (const { buffer } of blocks) if (buffer.byteLength === blockBytes) freeBlocks.push(Buffer.from(buffer));
  if (freeBlocks.length > 0) dropFreeBlocks.restart(keepFreeMs);
}
