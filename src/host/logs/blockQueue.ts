import { Debouncer } from '../../core/debouncer.js';
import { backgroundTimer } from '../system/timers.js';

const blockBytes = 64 * 1024;

/** The first block of an empty queue, which is enough for most servers. */
const firstBlockBytes = 4096;

/**
 * Large blocks of all queues that are free to be used again. In a flood all of them are kept: what is dropped and made
 * anew all the time stays until the next thorough collection of garbage, which may come far too late.
 */
const free: Buffer[] = [];

/** When so long none came back, the flood is over, and they are not kept any more; milliseconds. */
const keepMs = 10_000;
const emptying = new Debouncer(backgroundTimer, () => {
  free.length = 0;
});

/**
 * Output that waits to be written, the oldest of which is given up when it is too much. It is copied into blocks that are
 * used again and again: pieces that wait outlive the quick collection of garbage, and would pile up in a flood.
 */
export class BlockQueue {
  #blocks: Buffer[] = [];
  /** Bytes that are used in the last block. */
  #used = 0;
  #droppedBytes = 0;

  constructor(private readonly maxBlocks: number) {}

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  get isHalfFull(): boolean {
    return this.#blocks.length * 2 >= this.maxBlocks;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const copied = chunk.copy(this.#blockWithRoom(), this.#used, at);
      this.#used += copied;
      at += copied;
    }
  }

  /** Takes all of them out, the oldest first; they are to be given back with `release`. */
  takeAll(): Buffer[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    const last = blocks.pop();
    return last ? [...blocks, last.subarray(0, this.#used)] : [];
  }

  /** How many bytes were given up since this was asked. */
  takeDroppedBytes(): number {
    const dropped = this.#droppedBytes;
    this.#droppedBytes = 0;
    return dropped;
  }

  #blockWithRoom(): Buffer {
    const last = this.#blocks.at(-1);
    if (last && this.#used < last.length) return last;
    if (this.#blocks.length >= this.maxBlocks) this.#dropFirst();
    const block = this.isEmpty
      ? Buffer.allocUnsafeSlow(firstBlockBytes)
      : (free.pop() ?? Buffer.allocUnsafeSlow(blockBytes));
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }

  #dropFirst(): void {
    const block = this.#blocks.shift();
    if (!block) return;
    this.#droppedBytes += block.length;
    release([block]);
  }
}

/** Gives blocks back that were taken out of a queue and are not read any more. */
export function release(blocks: readonly Buffer[]): void {
  for (const { buffer } of blocks) {
    if (buffer.byteLength === blockBytes) free.push(Buffer.from(buffer));
  }
  if (free.length > 0) emptying.restart(keepMs);
}
