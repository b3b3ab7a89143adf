import { setTimeout as sleep } from 'node:timers/promises';
import { accepts, portOf } from './ports.js';

/** The pause between two probes of the same address grows from the first to the second, milliseconds. */
const firstPauseMs = 25;
const longestPauseMs = 500;

/** Finds out which of the announced addresses answers. */
export class Readiness {
  /** By port, in the order of announcement. */
  readonly #announced = new Map<number, string>();
  #current: number | undefined;
  #ended = false;

  /** `onListening` is called whenever the address that answers is another one than before. */
  constructor(private readonly onListening: (url: string) => void) {}

  /** Ports that the server has answered on or said that it would. */
  get ports(): readonly number[] {
    return [...this.#announced.keys()];
  }

  announce(url: string): void {
    const port = portOf(url);
    const known = this.#announced.get(port);
    // Of several pages on one port, the shortest address is the server itself.
    if (known === undefined || url.length < known.length) this.#announced.set(port, url);
    if (known === undefined) void this.#probe(port);
  }

  end(): void {
    this.#ended = true;
  }

  async #probe(port: number): Promise<void> {
    for (let pauseMs = firstPauseMs; !this.#ended; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (await accepts(port)) return this.#confirm(port);
      await sleep(pauseMs, undefined, { ref: false });
    }
  }

  /** A later address takes over only when the one before it is dead: a server that moved, not one that mentions another. */
  async #confirm(port: number): Promise<void> {
    if (this.#current !== undefined && (await accepts(this.#current))) return;
    const url = this.#announced.get(port);
    if (this.#ended || url === undefined) return;
    this.#current = port;
    this.onListening(url);
  }
}
