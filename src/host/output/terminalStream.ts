import { StringDecoder } from 'node:string_decoder';
import { RingBuffer } from './ringBuffer.js';

/** The server is paused above the first number of unacknowledged units, and resumed below the second. */
const highWater = 100_000;
const lowWater = 5_000;

/** Output is buffered for this long, so that a flood takes few messages; milliseconds. */
const bufferMs = 8;

/** Total time for which one flood may pause the server; then the terminal gets only the newest output; milliseconds. */
const maxPausedMs = 1000;

/** A flood is a new one when the server has run without a pause for this long, milliseconds. */
const floodGapMs = 1000;

/** Interval of the samples of a flood that a slow terminal gets, milliseconds, and their size, bytes. */
const sampleIntervalMs = 100;
const sampleBytes = 64 * 1024;

export interface TerminalStreamDeps {
  /** `skippedBytes` are missing before `data`. */
  send(data: string, skippedBytes: number): void;
  /** Stops reading from the pseudo-terminal, which blocks the server when it writes. */
  pause(): void;
  resume(): void;
}

/**
 * Sends the output of a run to a terminal, no faster than the terminal acknowledges it. A short flood pauses the server
 * and is sent whole; a long one is cut to its newest part, since no server may wait for a terminal for long. A unit is one
 * UTF-16 code unit.
 */
export class TerminalStream {
  #decoder = new StringDecoder('utf8');
  #buffered = '';
  #unacknowledged = 0;
  #flushTimer: NodeJS.Timeout | undefined;
  #pausedAt: number | undefined;
  #resumedAt = Number.NEGATIVE_INFINITY;
  #pauseLeftMs = maxPausedMs;
  #skipTimer: NodeJS.Timeout | undefined;
  /** The newest output, while the terminal is too far behind to get all of it. */
  #newest: RingBuffer | undefined;

  constructor(private readonly deps: TerminalStreamDeps) {}

  push(chunk: Buffer): void {
    if (this.#newest) return this.#newest.push(chunk);
    this.#buffered += this.#decoder.write(chunk);
    if (this.#buffered.length >= highWater) this.flush();
    else this.#flushTimer ??= setTimeout(() => this.flush(), bufferMs);
  }

  /** Sends the buffered output. */
  flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    if (this.#newest) return this.#sendNewest(this.#newest);
    const data = this.#buffered;
    this.#buffered = '';
    this.send(data);
  }

  /** Sends text that is not part of the stream, as the replay. */
  send(data: string): void {
    this.#post(data, 0);
    if (this.#unacknowledged > highWater) this.#pause();
  }

  acknowledge(units: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - units);
    if (this.#unacknowledged >= lowWater) return;
    this.#resume();
    if (this.#newest) this.#flushTimer ??= setTimeout(() => this.flush(), sampleIntervalMs);
  }

  /** Resumes the server. Drops the buffered output, which the ring of the run keeps. */
  close(): void {
    clearTimeout(this.#flushTimer);
    this.#resume();
  }

  #post(data: string, skippedBytes: number): void {
    if (data === '') return;
    this.#unacknowledged += data.length;
    this.deps.send(data, skippedBytes);
  }

  #pause(): void {
    if (this.#pausedAt !== undefined || this.#newest) return;
    const now = performance.now();
    if (now - this.#resumedAt > floodGapMs) this.#pauseLeftMs = maxPausedMs;
    this.#pausedAt = now;
    this.deps.pause();
    this.#skipTimer = setTimeout(() => this.#skip(), this.#pauseLeftMs);
  }

  #resume(): void {
    if (this.#pausedAt === undefined) return;
    clearTimeout(this.#skipTimer);
    this.#resumedAt = performance.now();
    this.#pauseLeftMs = Math.max(0, this.#pauseLeftMs - (this.#resumedAt - this.#pausedAt));
    this.#pausedAt = undefined;
    this.deps.resume();
  }

  #skip(): void {
    this.flush();
    this.#newest = new RingBuffer(sampleBytes);
    this.#resume();
  }

  /** Sends the newest output, and returns to sending everything once no byte was skipped. */
  #sendNewest(newest: RingBuffer): void {
    const { droppedBytes } = newest;
    if (droppedBytes > 0) this.#decoder = new StringDecoder('utf8');
    this.#newest = droppedBytes > 0 ? new RingBuffer(sampleBytes) : undefined;
    this.#post(this.#decoder.write(newest.bytes()), droppedBytes);
  }
}
