import { open, rm, stat, type FileHandle } from 'node:fs/promises';
import { Debouncer } from '../../core/debouncer.js';
import { makePrivateFolder } from '../system/privateFolder.js';
import { renameFile } from '../system/replaceFile.js';
import { timer } from '../system/timers.js';
import { lastWritten, listLogFiles, logFilePath, type LogFile } from './logFiles.js';
import { fittingPieces, lineFeed, withoutBytes, type Piece } from './logPieces.js';
import { OutputQueue, reuseBlocks } from './outputQueue.js';

/** Time for which output is collected before a write, milliseconds. */
const flushDelayMs = 100;

/** Maximum amount of output that waits for the disk, bytes. */
const maxQueuedBytes = 2 * 1024 * 1024;

/** Pause after a failed write, milliseconds. */
const retryDelayMs = 30_000;

export interface LogWriterDeps {
  readonly folder: string;
  /** Id of the window that writes. */
  readonly windowId: string;
  readonly isAlive: (windowId: string) => Promise<boolean>;
  /** Called when new output can be read. */
  readonly onWritten: () => void;
  readonly reportError: (error: unknown) => void;
}

interface OpenFile extends LogFile {
  readonly handle: FileHandle;
  size: number;
  endsLine: boolean;
}

/**
 * Writes one log within its size limit, in two files of half that size; the older one is removed when the newer one is
 * full. A slow or full disk costs parts of the log, which a line in it reports, and never slows the server down.
 */
export class LogWriter {
  #maxBytes = 0;
  readonly #queue = new OutputQueue(maxQueuedBytes);
  #lostBytes = 0;
  readonly #flushing = new Debouncer(timer, () => void this.flush());
  /** The queued output is written after the write in progress. */
  #isFlushDue = false;
  #work: Promise<void> = Promise.resolve();
  #file: OpenFile | undefined;
  #retryAt = 0;
  #hasReportedError = false;

  constructor(
    private readonly log: string,
    private readonly deps: LogWriterDeps,
  ) {}

  /** Writes a line at the start of a run, and sets the size limit of the log. */
  startRun(serverId: string, maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.push(noteLine(`${new Date().toISOString()} ${serverId}`));
  }

  push(chunk: Buffer): void {
    this.#queue.push(chunk);
    if (this.#isFlushDue) return;
    if (this.#queue.isHalfFull) void this.flush();
    else this.#flushing.schedule(flushDelayMs);
  }

  /** Resolves when all earlier output is written, or could not be. */
  flush(): Promise<void> {
    this.#isFlushDue = true;
    this.#flushing.cancel();
    this.#work = this.#work.then(() => this.#writeUnlessFailing());
    return this.#work;
  }

  /** Flushes the output and closes the file until the next output. */
  close(): Promise<void> {
    void this.flush();
    this.#work = this.#work.then(() => this.#closeFile());
    return this.#work;
  }

  /**
   * Removes what is written so far, also by windows that are gone. The offsets of later output continue, so that
   * readers notice the gap.
   */
  clear(): Promise<void> {
    const cleared = this.flush().then(() => this.#removeFiles());
    this.#work = cleared.catch(() => undefined);
    return cleared;
  }

  async #removeFiles(): Promise<void> {
    const written = this.#file;
    if (written && written.size > 0) {
      this.#file = await this.#open({ ...written, start: written.start + written.size });
      await written.handle.close();
    }
    const { windowId, isAlive, onWritten } = this.deps;
    for (const file of await this.#files()) {
      const isWrittenElsewhere = file.windowId !== windowId && (await isAlive(file.windowId));
      if (!isWrittenElsewhere && file.path !== this.#file?.path) await rm(file.path, { force: true });
    }
    onWritten();
  }

  /** Writes the queued output, except during the pause after a failure. */
  async #writeUnlessFailing(): Promise<void> {
    this.#isFlushDue = false;
    if (this.#queue.isEmpty || performance.now() < this.#retryAt) return;
    try {
      await this.#writeQueue();
      this.deps.onWritten();
    } catch (error) {
      this.#retryAt = performance.now() + retryDelayMs;
      await this.#closeFile();
      this.#reportErrorOnce(error);
    }
  }

  /** Writes the queue; where output was dropped, writes a line with the number of missing bytes. */
  async #writeQueue(): Promise<void> {
    const missing = this.#lostBytes + this.#queue.takeDroppedBytes();
    const blocks = this.#queue.takeAll();
    let remaining = blocks.map((bytes): Piece => ({ bytes, lost: bytes.length }));
    if (missing > 0)
      remaining.unshift({ bytes: noteLine(`${missing} bytes are missing here`), lost: missing });
    try {
      while (remaining.length > 0) remaining = await this.#append(remaining);
    } finally {
      this.#lostBytes = remaining.reduce((sum, { lost }) => sum + lost, 0);
      reuseBlocks(blocks);
    }
  }

  #reportErrorOnce(error: unknown): void {
    if (this.#hasReportedError) return;
    this.#hasReportedError = true;
    this.deps.reportError(new Error(`The log ${this.log} cannot be written`, { cause: error }));
  }

  /**
   * Writes the pieces that fit into the file by one system call, and returns the others. Starts a new file when it is
   * full.
   */
  async #append(pieces: readonly Piece[]): Promise<Piece[]> {
    const file = (this.#file ??= await this.#openNewest());
    const fitting = fittingPieces(pieces, this.#half - file.size, file.endsLine);
    if (fitting.length === 0) {
      await this.#rotate(file);
      return [...pieces];
    }
    const { bytesWritten } = await file.handle.writev(fitting);
    file.size += bytesWritten;
    const [remaining, last] = withoutBytes(pieces, bytesWritten);
    file.endsLine = last === lineFeed;
    return remaining;
  }

  get #half(): number {
    return Math.floor(this.#maxBytes / 2);
  }

  /** Opens the newest file of the log, or a first one. */
  async #openNewest(): Promise<OpenFile> {
    const { folder, windowId } = this.deps;
    await makePrivateFolder(folder);
    const files = await this.#ownFiles();
    const newest = (files.length > 0 ? files : await this.#adoptFiles()).at(-1);
    return this.#open({ log: this.log, windowId, start: newest?.start ?? 0 });
  }

  async #open(name: Omit<LogFile, 'path'>): Promise<OpenFile> {
    const path = logFilePath(this.deps.folder, name);
    const handle = await open(path, 'a', 0o600);
    const { size } = await handle.stat();
    return { ...name, path, handle, size, endsLine: false };
  }

  /** Continues in a new file, and removes the files that exceed the size limit. */
  async #rotate(full: OpenFile): Promise<void> {
    this.#file = await this.#open({ ...full, start: full.start + full.size });
    await full.handle.close();
    let total = this.#half;
    for (const { path } of (await this.#ownFiles()).toReversed().slice(1)) {
      total += (await stat(path)).size;
      if (total > this.#maxBytes) await rm(path, { force: true });
    }
  }

  async #ownFiles(): Promise<LogFile[]> {
    return (await this.#files()).filter(({ windowId }) => windowId === this.deps.windowId);
  }

  async #files(): Promise<LogFile[]> {
    return (await listLogFiles(this.deps.folder)).filter(({ log }) => log === this.log);
  }

  /** Takes over the newest log of a dead window, and removes those of the other dead windows. */
  async #adoptFiles(): Promise<LogFile[]> {
    const { folder, windowId } = this.deps;
    const leftovers: { file: LogFile; at: number }[] = [];
    for (const file of await this.#files()) {
      if (!(await this.deps.isAlive(file.windowId))) leftovers.push({ file, at: await lastWritten(file) });
    }
    const newestWindow = leftovers.toSorted((one, other) => one.at - other.at).at(-1)?.file.windowId;
    for (const { file } of leftovers) {
      if (file.windowId === newestWindow)
        await renameFile(file.path, logFilePath(folder, { ...file, windowId }));
      else await rm(file.path, { force: true });
    }
    return this.#ownFiles();
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close().catch(() => undefined);
  }
}

/** Returns a line of the extension between those of the server. */
function noteLine(text: string): Buffer {
  return Buffer.from(`\r\n── ${text} ──\r\n`);
}
