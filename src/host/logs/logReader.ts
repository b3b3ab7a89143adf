import { open, type FileHandle } from 'node:fs/promises';
import type { LogExcerpt, LogLimits } from '../../core/logs/logStore.js';
import { lastWritten, listLogFiles, type LogFile } from './logFiles.js';
import { plainText } from './plainText.js';

/** Largest excerpt, even if the caller asks for more. */
const maxBytes = 2 * 1024 * 1024;
const maxLines = 50_000;

/** Maximum size of an unfinished line that is returned apart from the text, bytes; a longer one is part of the text. */
const maxUnfinishedBytes = 64 * 1024;

const lineFeed = 0x0a;

interface Part {
  /** Offset of the first byte of the file in the log. */
  readonly start: number;
  readonly size: number;
  readonly file: FileHandle;
}

/**
 * Reads a log from its files, which another process may be writing. It holds the files open until it is closed, so that
 * it reads what it has opened also when the writer removes the oldest file.
 */
export class LogReader {
  private constructor(private readonly parts: readonly [Part, ...Part[]]) {}

  /** Opens the log of that name: this window's if there is one, else the newest. Returns `undefined` without one. */
  static async open(folder: string, log: string, windowId: string): Promise<LogReader | undefined> {
    for (;;) {
      const files = (await listLogFiles(folder)).filter((file) => file.log === log);
      if (files.length === 0) return undefined;
      const writer = files.some((file) => file.windowId === windowId) ? windowId : await newestWriter(files);
      const [first, ...others] = await openParts(files.filter((each) => each.windowId === writer));
      if (first) return new LogReader([first, ...others]);
      // The writer has removed all these files since they were listed, and has written others.
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.parts.map(({ file }) => file.close()));
  }

  /** Offset of the first byte in the files. */
  get start(): number {
    return this.parts[0].start;
  }

  /** Offset after the last byte. */
  get end(): number {
    const { start, size } = this.parts.at(-1) ?? this.parts[0];
    return start + size;
  }

  async tail(limits: LogLimits = {}): Promise<LogExcerpt> {
    const { bytes, lines } = clampLimits(limits);
    const from = Math.max(this.start, this.end - bytes);
    const read = await this.read(from, this.end);
    const start = lastLines(read, lines, from === this.start ? 0 : firstLine(read));
    return this.#excerpt(read.subarray(start), from + start, from + start > this.start);
  }

  async range(offset: number, limits: LogLimits = {}): Promise<LogExcerpt> {
    const { bytes, lines } = clampLimits(limits);
    const from = Math.min(Math.max(offset, this.start), this.end);
    const to = Math.min(from + bytes, this.end);
    const read = await this.read(from, to);
    const whole = to === this.end ? read.length : wholeLines(read);
    const length = Math.min(whole, firstLines(read, lines));
    return this.#excerpt(read.subarray(0, length), from, from + length < this.end);
  }

  /** Resolves with the bytes between two offsets. */
  async read(from: number, to: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (const { file, start, size } of this.parts) {
      const begin = Math.max(from - start, 0);
      const end = Math.min(to - start, size);
      if (begin < end) pieces.push(await readPiece(file, begin, end - begin));
    }
    return Buffer.concat(pieces);
  }

  async #excerpt(bytes: Buffer, start: number, truncated: boolean): Promise<LogExcerpt> {
    const end = start + bytes.length;
    const unfinished = end === this.end ? bytes.lastIndexOf(lineFeed) + 1 : bytes.length;
    const length = bytes.length - unfinished > maxUnfinishedBytes ? wholeCharacters(bytes) : unfinished;
    const [text, rest] = await Promise.all(
      [bytes.subarray(0, length), bytes.subarray(length)].map(plainText),
    );
    return { text: text ?? '', rest: rest ?? '', start, end: start + length, truncated };
  }
}

async function newestWriter(files: readonly LogFile[]): Promise<string | undefined> {
  const written = await Promise.all(files.map(async (file) => ({ file, at: await lastWritten(file) })));
  return written.toSorted((one, other) => one.at - other.at).at(-1)?.file.windowId;
}

/**
 * Opens the files of one writer, the newest first. The writer removes the oldest first, so there is no gap between the
 * opened files. Returns them in the order of their offsets.
 */
async function openParts(files: readonly LogFile[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { path, start } of files.toReversed()) {
    const file = await openUnlessRemoved(path);
    if (!file) break;
    const { size } = await file.stat();
    parts.unshift({ start, size, file });
  }
  return parts;
}

async function openUnlessRemoved(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readPiece(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
  return buffer.subarray(0, bytesRead);
}

function clampLimits({ bytes = maxBytes, lines = maxLines }: LogLimits): Required<LogLimits> {
  return {
    bytes: Math.min(Math.max(Math.floor(bytes), 1), maxBytes),
    lines: Math.min(Math.max(Math.floor(lines), 1), maxLines),
  };
}

/** Returns the start of the first whole line; within a line that fills the bytes, of the first whole character. */
function firstLine(bytes: Buffer): number {
  const start = bytes.indexOf(lineFeed) + 1;
  if (start > 0 && start < bytes.length) return start;
  return Math.max(
    bytes.findIndex((byte) => !isContinuation(byte)),
    0,
  );
}

/** Returns the start of the last `count` lines, at least `earliest`. */
function lastLines(bytes: Buffer, count: number, earliest: number): number {
  // The final line feed ends the last line and starts no other.
  let at = bytes.length - 1;
  for (let left = count; left > 0 && at > earliest; left -= 1) at = bytes.lastIndexOf(lineFeed, at - 1);
  return Math.max(at + 1, earliest);
}

/** Returns the length of the first `count` lines. */
function firstLines(bytes: Buffer, count: number): number {
  let length = 0;
  for (let left = count; left > 0; left -= 1) {
    const end = bytes.indexOf(lineFeed, length);
    if (end < 0) return bytes.length;
    length = end + 1;
  }
  return length;
}

/** Returns the length of the whole lines; without any, of the whole characters. */
function wholeLines(bytes: Buffer): number {
  return bytes.lastIndexOf(lineFeed) + 1 || wholeCharacters(bytes);
}

/** Returns the length without an incomplete last character. */
function wholeCharacters(bytes: Buffer): number {
  const last = bytes.subarray(-4).findLastIndex((byte) => !isContinuation(byte));
  const start = Math.max(bytes.length - 4, 0) + last;
  const lead = bytes[start];
  if (last < 0 || lead === undefined || lead < 0xc0) return bytes.length;
  return start + characterLength(lead) > bytes.length && start > 0 ? start : bytes.length;
}

/** Returns the number of bytes of a character of UTF-8 that begins with `lead`, a byte from 0xc0 on. */
function characterLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
