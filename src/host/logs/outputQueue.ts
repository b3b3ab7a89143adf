/** Approximate memory of a `Buffer` beside its bytes, counted so that many small chunks cannot exceed the bound. */
const chunkOverheadBytes = 256;

/** Chunks of output that wait for the disk; drops the oldest of them when they exceed their bound. */
export class OutputQueue {
  #chunks: Buffer[] = [];
  /** Memory that the chunks occupy, bytes. */
  #occupied = 0;
  #droppedBytes = 0;

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  get isHalfFull(): boolean {
    return this.#occupied * 2 >= this.maxBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#occupied += chunk.length + chunkOverheadBytes;
    while (this.#occupied > this.maxBytes) this.#dropOldest();
  }

  /** Removes and returns all chunks, the oldest first. */
  takeAll(): Buffer[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#occupied = 0;
    return chunks;
  }

  /** Returns the number of bytes dropped since the last call. */
  takeDroppedBytes(): number {
    const dropped = this.#droppedBytes;
    this.#droppedBytes = 0;
    return dropped;
  }

  #dropOldest(): void {
    const bytes = this.#chunks.shift()?.length ?? 0;
    this.#occupied -= bytes + chunkOverheadBytes;
    this.#droppedBytes += bytes;
  }
}
