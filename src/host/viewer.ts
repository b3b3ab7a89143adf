import { StringDecoder } from 'node:string_decoder';

/** Above so many units that are sent and not yet shown the terminal of the server is paused, below the other resumed. */
const highWater = 100_000;
const lowWater = 5_000;

/** Output is gathered this long, so that a flood makes few messages. */
const gatherMs = 8;

export interface ViewerPorts {
  send(data: string): void;
  /** Keeps the server's terminal from writing; the server blocks on its output then. */
  pause(): void;
  resume(): void;
}

/** Sends a run's output to the terminal that shows it, no faster than that acknowledges it. Units are UTF-16 units. */
export class Viewer {
  readonly #decoder = new StringDecoder('utf8');
  #gathered = '';
  #unacknowledged = 0;
  #paused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly ports: ViewerPorts) {}

  push(chunk: Buffer): void {
    this.#gathered += this.#decoder.write(chunk);
    if (this.#gathered.length >= highWater) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  /** Sends what is gathered now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#gathered === '') return;
    const data = this.#gathered;
    this.#gathered = '';
    this.send(data);
  }

  /** Sends text that is not part of the stream, such as the replay. */
  send(data: string): void {
    this.#unacknowledged += data.length;
    this.ports.send(data);
    if (this.#unacknowledged > highWater && !this.#paused) {
      this.#paused = true;
      this.ports.pause();
    }
  }

  acknowledge(units: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - units);
    if (this.#paused && this.#unacknowledged < lowWater) this.#release();
  }

  /** Nobody looks any more: what is gathered is in the ring, and the server runs freely. */
  close(): void {
    clearTimeout(this.#timer);
    if (this.#paused) this.#release();
  }

  #release(): void {
    this.#paused = false;
    this.ports.resume();
  }
}
