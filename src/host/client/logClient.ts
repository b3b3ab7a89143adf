import type {
  LogExcerpt,
  LogLimits,
  LogMatches,
  LogOwner,
  LogStore,
  LogSearch,
} from '../../core/logs/logStore.js';
import type { HostChannel } from './hostChannel.js';
import { listLogFiles, logName } from '../logs/logFiles.js';
import { LogReader } from '../logs/logReader.js';
import { searchLog } from '../logs/logSearch.js';

/** Reads logs from their files, after the process host has flushed its output to them. */
export class LogClient implements LogStore {
  readonly #watchers = new Map<string, Set<() => void>>();

  constructor(
    private readonly folder: string,
    /** Returns the window id under which its process host writes the logs. */
    private readonly windowId: () => string,
    private readonly channel: HostChannel,
  ) {}

  async existing<Owner extends LogOwner>(owners: readonly Owner[]): Promise<Owner[]> {
    await this.#flush();
    const names = new Set((await listLogFiles(this.folder)).map(({ log }) => log));
    return owners.filter((owner) => names.has(logName(owner)));
  }

  tail(owner: LogOwner, limits?: LogLimits): Promise<LogExcerpt | undefined> {
    return this.#read(owner, (reader) => reader.tail(limits));
  }

  range(owner: LogOwner, offset: number, limits?: LogLimits): Promise<LogExcerpt | undefined> {
    return this.#read(owner, (reader) => reader.range(offset, limits));
  }

  async search(
    owner: LogOwner,
    query: LogSearch,
    maxMatches: number,
    signal?: AbortSignal,
  ): Promise<LogMatches> {
    const found = await this.#read(owner, (reader) => searchLog(reader, query, maxMatches, signal));
    return found ?? { matches: [], truncated: false };
  }

  watch(owner: LogOwner, listener: () => void): () => void {
    const log = logName(owner);
    const watchers = this.#watchers.get(log) ?? new Set();
    this.#watchers.set(log, watchers.add(listener));
    this.channel.post({ kind: 'watchLog', log, isWatched: true });
    return () => {
      if (!watchers.delete(listener) || watchers.size > 0) return;
      this.#watchers.delete(log);
      this.channel.post({ kind: 'watchLog', log, isWatched: false });
    };
  }

  async clear(owner: LogOwner): Promise<void> {
    await this.channel.request((request) => ({ kind: 'clearLog', request, log: logName(owner) }));
  }

  /** Sends the watched logs to the process host, which may be a new one. */
  renewWatches(): void {
    for (const log of this.#watchers.keys()) this.channel.post({ kind: 'watchLog', log, isWatched: true });
  }

  /** Notifies the watchers of a log that it has grown. */
  onGrown(log: string): void {
    for (const listener of this.#watchers.get(log) ?? []) listener();
  }

  async #read<Result>(
    owner: LogOwner,
    read: (reader: LogReader) => Promise<Result>,
  ): Promise<Result | undefined> {
    await this.#flush();
    const reader = await LogReader.open(this.folder, logName(owner), this.windowId());
    if (!reader) return undefined;
    try {
      return await read(reader);
    } finally {
      await reader.close();
    }
  }

  /** Waits until the process host has written its output. Another place reports the loss of a process host. */
  async #flush(): Promise<void> {
    if (!this.channel.isRunning) return;
    await this.channel.request((request) => ({ kind: 'flushLogs', request })).catch(() => undefined);
  }
}
