import { StringDecoder } from 'node:string_decoder';
import { Debouncer } from '../../core/debouncer.js';
import { timer } from '../system/timers.js';
import { RingBuffer } from './ringBuffer.js';

/** Above so many units that are sent and not yet shown the server is held back, below the other it goes on. */
const highWater = 100_000;
const lowWater = 5_000;

/** Output is gathered this long, so that a flood makes few messages. */
const gatherMs = 8;

/** A flood holds the server back for so long altogether; then the terminal gets only the newest of it. Milliseconds. */
const patienceMs = 1000;

/** A server that was not held back for so long has a new flood. */
const calmMs = 1000;

/** How often, in milliseconds, and how much at once, in bytes, a terminal is shown of a flood that outruns it. */
const glimpseMs = 100;
const glimpseBytes = 64 * 1024;

export interface TerminalStreamDeps {
  /** So many bytes before `data` are left out. */
  send(data: string, skippedBytes: number): void;
  /** Keeps the server's terminal from writing; the server blocks on its output then. */
  pause(): void;
  resume(): void;
}

/**
 * Sends a run's output to the terminal that shows it, no faster than that acknowledges it. A short flood is shown whole,
 * while the server waits a little; a long one is skipped up to its newest part, since no server should wait for a
 * terminal for ever. Units are UTF-16 units.
 */
export class TerminalStream {
  #decoder = new StringDecoder('utf8');
  #gathered = '';
  #unacknowledged = 0;
  readonly #gathering = new Debouncer(timer, () => this.flush());
  #heldSince: number | undefined;
  #freedAt = Number.NEGATIVE_INFINITY;
  #waitLeftMs = patienceMs;
  #maxWait: NodeJS.Timeout | undefined;
  /** The newest output while the terminal is too far behind to be sent all. */
  #newest: RingBuffer | undefined;

  constructor(private readonly deps: TerminalStreamDeps) {}

  push(chunk: Buffer): void {
    if (this.#newest) return this.#newest.push(chunk);
    this.#gathered += this.#decoder.write(chunk);
    if (this.#gathered.length >= highWater) this.flush();
    else this.#gathering.schedule(gatherMs);
  }

  /** Sends what is gathered now. */
  flush(): void {
    this.#gathering.cancel();
    if (this.#newest) return this.#sendNewest(this.#newest);
    const data = this.#gathered;
    this.#gathered = '';
    this.send(data);
  }

  /** Sends text that is not part of the stream, such as the replay. */
  send(data: string): void {
    this.#post(data, 0);
    if (this.#unacknowledged > highWater) this.#hold();
  }

  acknowledge(units: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - units);
    if (this.#unacknowledged >= lowWater) return;
    this.#free();
    if (this.#newest) this.#gathering.schedule(glimpseMs);
  }

  /** Nobody looks any more: what is gathered is in the ring, and the server runs freely. */
  close(): void {
    this.#gathering.cancel();
    this.#free();
  }

  #post(data: string, skippedBytes: number): void {
    if (data === '') return;
    this.#unacknowledged += data.length;
    this.deps.send(data, skippedBytes);
  }

  #hold(): void {
    if (this.#heldSince !== undefined || this.#newest) return;
    const now = performance.now();
    if (now - this.#freedAt > calmMs) this.#waitLeftMs = patienceMs;
    this.#heldSince = now;
    this.deps.pause();
    this.#maxWait = setTimeout(() => this.#skip(), this.#waitLeftMs);
  }

  #free(): void {
    if (this.#heldSince === undefined) return;
    clearTimeout(this.#maxWait);
    this.#freedAt = performance.now();
    this.#waitLeftMs = Math.max(0, this.#waitLeftMs - (this.#freedAt - this.#heldSince));
    this.#heldSince = undefined;
    this.deps.resume();
  }

  #skip(): void {
    this.flush();
    this.#newest = new RingBuffer(glimpseBytes);
    this.#free();
  }

  /** Goes back to sending everything as soon as nothing had to be left out. */
  #sendNewest(newest: RingBuffer): void {
    const { droppedBytes } = newest;
    if (droppedBytes > 0) this.#decoder = new StringDecoder('utf8');
    this.#newest = droppedBytes > 0 ? new RingBuffer(glimpseBytes) : undefined;
    this.#post(this.#decoder.write(newest.bytes()), droppedBytes);
  }
}
