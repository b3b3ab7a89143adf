import { setTimeout as sleep } from 'node:timers/promises';
import { Debouncer } from '../../core/debouncer.js';
import type { LogOwner } from '../../core/logs/logs.js';
import { timer } from '../system/timers.js';
import { logName, removeOldLogs } from './logFiles.js';
import { LogWriter, type LogWriterDeps } from './logWriter.js';

/** Growth is told no more often than in this pace, milliseconds. */
const paceMs = 250;

/** At the end the disk gets so long for what is queued, milliseconds. */
const closeMs = 1000;

/** Takes the output of one run. */
export interface RunLog {
  push(chunk: Buffer): void;
  /** Nothing follows. */
  end(): void;
}

export interface ServerLogsDeps extends Omit<LogWriterDeps, 'onWritten'> {
  /** Called for the logs that somebody watches. */
  readonly onGrown: (log: string) => void;
}

/** The logs of the servers that this process host runs. */
export class ServerLogs {
  readonly #writers = new Map<string, LogWriter>();
  readonly #watched = new Set<string>();
  readonly #growth = new Map<string, Debouncer>();

  constructor(private readonly deps: ServerLogsDeps) {
    removeOldLogs(deps.folder, deps.isAlive).catch(deps.reportError);
  }

  /** Where the output of a new run goes, behind that of the runs before it; nowhere when a log may have no size. */
  begin(owner: LogOwner, maxBytes: number): RunLog | undefined {
    if (maxBytes === 0) return undefined;
    const writer = this.#writerOf(logName(owner));
    writer.begin(owner.id, maxBytes);
    return { push: (chunk) => writer.push(chunk), end: () => void writer.close() };
  }

  /** Resolves when everything that was written before can be read. */
  async flush(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.flush()));
  }

  watch(log: string, isWatched: boolean): void {
    if (isWatched) this.#watched.add(log);
    else this.#watched.delete(log);
  }

  /** Writes what is left. Does not wait for a disk that hangs. */
  async close(): Promise<void> {
    for (const growth of this.#growth.values()) growth.cancel();
    const written = Promise.all([...this.#writers.values()].map((writer) => writer.close()));
    await Promise.race([written, sleep(closeMs)]);
  }

  #writerOf(log: string): LogWriter {
    const writer =
      this.#writers.get(log) ?? new LogWriter(log, { ...this.deps, onWritten: () => this.#grown(log) });
    this.#writers.set(log, writer);
    return writer;
  }

  #grown(log: string): void {
    if (!this.#watched.has(log)) return;
    const growth = this.#growth.get(log) ?? new Debouncer(timer, () => this.deps.onGrown(log));
    this.#growth.set(log, growth);
    growth.schedule(paceMs);
  }
}
