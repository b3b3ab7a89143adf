import { setTimeout as sleep } from 'node:timers/promises';
import { Debouncer } from '../../core/debouncer.js';
import type { LogOwner } from '../../core/logs/logStore.js';
import { timer } from '../system/timers.js';
import { logName, removeOldLogs } from './logFiles.js';
import { LogWriter, type LogWriterDeps } from './logWriter.js';

/** Minimum interval between two notifications that a log has grown, milliseconds. */
const minNotifyIntervalMs = 250;

/** Timeout of the last write, milliseconds. */
const closeTimeoutMs = 1000;

/** Takes the output of one run. */
export interface RunLog {
  push(chunk: Buffer): void;
  /** Ends the output of the run. */
  end(): void;
}

export interface ServerLogsDeps extends Omit<LogWriterDeps, 'onWritten'> {
  /** Called when a watched log has grown. */
  readonly onGrown: (log: string) => void;
}

/** The logs of the servers that this process host runs. */
export class ServerLogs {
  readonly #writers = new Map<string, LogWriter>();
  readonly #watched = new Set<string>();
  readonly #notifications = new Map<string, Debouncer>();

  constructor(private readonly deps: ServerLogsDeps) {
    removeOldLogs(deps.folder, deps.isAlive).catch(deps.reportError);
  }

  /** Appends a run to the log of its server; returns `undefined` when logs are switched off by a size of 0. */
  startRun(owner: LogOwner, maxBytes: number): RunLog | undefined {
    if (maxBytes === 0) return undefined;
    const writer = this.#writer(logName(owner));
    writer.startRun(owner.id, maxBytes);
    return { push: (chunk) => writer.push(chunk), end: () => void writer.close() };
  }

  /** Resolves when all earlier output can be read. */
  async flush(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.flush()));
  }

  /** Removes what a log holds. */
  clear(log: string): Promise<void> {
    return this.#writer(log).clear();
  }

  watch(log: string, isWatched: boolean): void {
    if (isWatched) this.#watched.add(log);
    else this.#watched.delete(log);
  }

  unwatchAll(): void {
    this.#watched.clear();
  }

  /** Writes the queued output. Does not wait for an unresponsive disk. */
  async close(): Promise<void> {
    for (const notification of this.#notifications.values()) notification.cancel();
    const written = Promise.all([...this.#writers.values()].map((writer) => writer.close()));
    await Promise.race([written, sleep(closeTimeoutMs)]);
  }

  #writer(log: string): LogWriter {
    const writer =
      this.#writers.get(log) ?? new LogWriter(log, { ...this.deps, onWritten: () => this.#onWritten(log) });
    this.#writers.set(log, writer);
    return writer;
  }

  #onWritten(log: string): void {
    if (!this.#watched.has(log)) return;
    const notification = this.#notifications.get(log) ?? new Debouncer(timer, () => this.deps.onGrown(log));
    this.#notifications.set(log, notification);
    notification.schedule(minNotifyIntervalMs);
  }
}
