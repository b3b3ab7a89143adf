import type { LogExcerpt, LogLimits, LogOwner, LogStore } from '../../../../src/core/logs/logStore.js';

/** The log of one server, in memory. */
export class FakeLogs implements LogStore {
  text = '';
  /** Offset of the first byte that is kept. */
  keptFrom = 0;
  /** Bytes that one answer holds at most. */
  maxBytes = 1024 * 1024;
  failure: Error | undefined;
  /** The parts that were read, oldest first. */
  readonly reads: string[] = [];
  readonly listeners = new Set<() => void>();

  existing<Owner extends LogOwner>(owners: readonly Owner[]): Promise<Owner[]> {
    return Promise.resolve([...owners]);
  }

  tail(_owner: LogOwner, { bytes = this.maxBytes }: LogLimits = {}): Promise<LogExcerpt | undefined> {
    this.reads.push(`tail ${bytes}`);
    return this.#excerpt(Math.max(this.keptFrom, this.text.length - bytes), bytes);
  }

  range(
    _owner: LogOwner,
    offset: number,
    { bytes = this.maxBytes }: LogLimits = {},
  ): Promise<LogExcerpt | undefined> {
    this.reads.push(`from ${offset}`);
    return this.#excerpt(Math.max(this.keptFrom, offset), bytes);
  }

  search(): Promise<{ matches: []; truncated: boolean }> {
    return Promise.resolve({ matches: [], truncated: false });
  }

  clear(): Promise<void> {
    this.keptFrom = this.text.length;
    return Promise.resolve();
  }

  watch(_owner: LogOwner, listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  write(text: string): void {
    this.text += text;
    for (const listener of this.listeners) listener();
  }

  #excerpt(start: number, bytes: number): Promise<LogExcerpt | undefined> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.text === '') return Promise.resolve(undefined);
    const part = this.text.slice(start, start + bytes);
    const lines = part.slice(0, part.lastIndexOf('\n') + 1);
    const truncated = start + part.length < this.text.length;
    const rest = truncated ? '' : part.slice(lines.length);
    return Promise.resolve({ text: lines, rest, start, end: start + lines.length, truncated });
  }
}
