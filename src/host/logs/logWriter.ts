import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { Debouncer } from '../../core/debouncer.js';
import { timer } from '../system/timers.js';
import { BlockQueue, release } from './blockQueue.js';
import { lastWritten, listLogFiles, logFilePath, type LogFile } from './logFiles.js';

/** Output is gathered this long, so that servers make few writes; milliseconds. */
const gatherMs = 100;

/** More blocks than these, altogether two mebibytes, do not wait for the disk. */
const maxBlocks = 32;

/** After a failure nothing is written for so long; milliseconds. */
const restMs = 30_000;

const lineFeed = 0x0a;

export interface LogWriterDeps {
  readonly folder: string;
  /** The window that writes. */
  readonly windowId: string;
  readonly isAlive: (windowId: string) => Promise<boolean>;
  /** Called when something new can be read. */
  readonly onWritten: () => void;
  readonly reportError: (error: unknown) => void;
}

interface OpenFile extends LogFile {
  readonly handle: FileHandle;
  size: number;
  endsLine: boolean;
}

/** Bytes for the file. */
interface Piece {
  readonly bytes: Buffer;
  /** How many bytes of output are lost if it cannot be written. */
  readonly lost: number;
}

/**
 * Writes one log, never beyond its size. Of two files, each of half that size, the older is given up when the newer is
 * full. A disk that is slow or full costs parts of the log, which a line then tells, and never holds the server back.
 */
export class LogWriter {
  #maxBytes = 0;
  readonly #queue = new BlockQueue(maxBlocks);
  #lostBytes = 0;
  readonly #gathering = new Debouncer(timer, () => void this.flush());
  /** What is queued is written as soon as what is being written is. */
  #isDue = false;
  #work: Promise<void> = Promise.resolve();
  #file: OpenFile | undefined;
  #restUntil = 0;
  #hasReportedError = false;

  constructor(
    private readonly log: string,
    private readonly deps: LogWriterDeps,
  ) {}

  /** Marks where a run begins. From here on the log is at most so large. */
  begin(serverId: string, maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.push(noteLine(`${new Date().toISOString()} ${serverId}`));
  }

  push(chunk: Buffer): void {
    this.#queue.push(chunk);
    if (this.#isDue) return;
    if (this.#queue.isHalfFull) void this.flush();
    else this.#gathering.schedule(gatherMs);
  }

  /** Resolves when everything pushed before stands in the file, or could not be put there. */
  flush(): Promise<void> {
    this.#isDue = true;
    this.#gathering.cancel();
    this.#work = this.#work.then(() => this.#attempt());
    return this.#work;
  }

  /** The same, and closes the file until more is pushed. */
  close(): Promise<void> {
    void this.flush();
    this.#work = this.#work.then(() => this.#release());
    return this.#work;
  }

  /** Writes what is queued, unless the disk refused something just now. */
  async #attempt(): Promise<void> {
    this.#isDue = false;
    if (this.#queue.isEmpty || performance.now() < this.#restUntil) return;
    try {
      await this.#writeQueue();
      this.deps.onWritten();
    } catch (error) {
      this.#restUntil = performance.now() + restMs;
      await this.#release();
      this.#reportErrorOnce(error);
    }
  }

  /** Tells in the place of what was given up that it is missing. */
  async #writeQueue(): Promise<void> {
    const missing = this.#lostBytes + this.#queue.takeDroppedBytes();
    const blocks = this.#queue.takeAll();
    let rest = blocks.map((bytes): Piece => ({ bytes, lost: bytes.length }));
    if (missing > 0) rest.unshift({ bytes: noteLine(`${missing} bytes are missing here`), lost: missing });
    try {
      while (rest.length > 0) rest = await this.#append(rest);
    } finally {
      this.#lostBytes = rest.reduce((sum, { lost }) => sum + lost, 0);
      release(blocks);
    }
  }

  #reportErrorOnce(error: unknown): void {
    if (this.#hasReportedError) return;
    this.#hasReportedError = true;
    this.deps.reportError(new Error(`The log ${this.log} cannot be written`, { cause: error }));
  }

  /** Writes what fits into the file, all at once, since a write costs more than its bytes do. Resolves with what is left. */
  async #append(pieces: readonly Piece[]): Promise<Piece[]> {
    const file = (this.#file ??= await this.#continue());
    const fitting = fittingPieces(pieces, this.#half - file.size, file.endsLine);
    if (fitting.length === 0) {
      await this.#rotate(file);
      return [...pieces];
    }
    const { bytesWritten } = await file.handle.writev(fitting);
    file.size += bytesWritten;
    const [left, last] = withoutBytes(pieces, bytesWritten);
    file.endsLine = last === lineFeed;
    return left;
  }

  get #half(): number {
    return Math.floor(this.#maxBytes / 2);
  }

  /** Opens the newest file of the log. */
  async #continue(): Promise<OpenFile> {
    const { folder, windowId } = this.deps;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = await this.#ownFiles();
    const newest = (files.length > 0 ? files : await this.#inherit()).at(-1);
    return this.#open({ log: this.log, windowId, start: newest?.start ?? 0 });
  }

  async #open(name: Omit<LogFile, 'path'>): Promise<OpenFile> {
    const path = logFilePath(this.deps.folder, name);
    const handle = await open(path, 'a', 0o600);
    const { size } = await handle.stat();
    return { ...name, path, handle, size, endsLine: false };
  }

  /** Goes on in a new file, and gives up what then is too much. */
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

  /** Takes the newest log of a window that is gone, and removes those of others that are gone. */
  async #inherit(): Promise<LogFile[]> {
    const { folder, windowId } = this.deps;
    const left: { file: LogFile; at: number }[] = [];
    for (const file of await this.#files()) {
      if (!(await this.deps.isAlive(file.windowId))) left.push({ file, at: await lastWritten(file) });
    }
    const heir = left.toSorted((one, other) => one.at - other.at).at(-1)?.file.windowId;
    for (const { file } of left) {
      if (file.windowId === heir) await rename(file.path, logFilePath(folder, { ...file, windowId }));
      else await rm(file.path, { force: true });
    }
    return this.#ownFiles();
  }

  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close().catch(() => undefined);
  }
}

/** The first of the pieces that go into a file with that much room; where not one does, as much of it as does. */
function fittingPieces(pieces: readonly Piece[], room: number, isAtLineStart: boolean): Buffer[] {
  const fitting: Buffer[] = [];
  let left = room;
  for (const { bytes } of pieces) {
    if (bytes.length > left) break;
    fitting.push(bytes);
    left -= bytes.length;
  }
  const [first] = pieces;
  if (fitting.length > 0 || !first) return fitting;
  const length = lengthThatFits(first.bytes, room, isAtLineStart);
  return length > 0 ? [first.bytes.subarray(0, length)] : [];
}

/** The pieces without so many of their first bytes, and the last of these bytes. */
function withoutBytes(pieces: readonly Piece[], count: number): [Piece[], number | undefined] {
  const left: Piece[] = [];
  let last: number | undefined;
  let gone = count;
  for (const piece of pieces) {
    const { bytes, lost } = piece;
    const cut = Math.min(gone, bytes.length);
    if (cut > 0) last = bytes[cut - 1];
    gone -= cut;
    if (cut < bytes.length) left.push(cut === 0 ? piece : { bytes: bytes.subarray(cut), lost: lost - cut });
  }
  return [left, last];
}

/** How many of the bytes go into a file with that much room: whole lines where possible, none when it is full. */
function lengthThatFits(bytes: Buffer, room: number, isAtLineStart: boolean): number {
  if (bytes.length <= room) return bytes.length;
  if (room <= 0) return 0;
  const lines = bytes.lastIndexOf(lineFeed, room - 1) + 1;
  // A line that is longer than a whole file is cut.
  return lines > 0 || isAtLineStart ? lines : room;
}

/** A line of ours between those of the server. */
function noteLine(text: string): Buffer {
  return Buffer.from(`\r\n── ${text} ──\r\n`);
}
