import { StringDecoder } from 'node:string_decoder';
import { Debouncer } from '../../core/debouncer.js';
import { UrlScanner } from '../../core/urlDetection/urlScanner.js';
import { timer } from '../system/timers.js';
import type { ReadinessMonitor } from './readinessMonitor.js';

/** Output that rests this long in an unfinished line is scanned as it is, milliseconds. */
const idleFlushMs = 50;

/** Reads in the output of a run where the server says that it answers, and tells the one who looks for that. */
export class UrlWatcher {
  readonly #decoder = new StringDecoder('utf8');
  readonly #scanner = new UrlScanner();
  readonly #idleFlush = new Debouncer(timer, () => this.#announce(this.#scanner.flush()));

  constructor(private readonly readiness: Pick<ReadinessMonitor, 'announce' | 'ignore' | 'output'>) {}

  push(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    this.#announce(this.#scanner.push(text));
    for (const port of this.#scanner.otherPorts) this.readiness.ignore(port);
    this.readiness.output(text);
    this.#idleFlush.restart(idleFlushMs);
  }

  end(): void {
    this.#idleFlush.cancel();
  }

  #announce(urls: readonly string[]): void {
    for (const url of urls) this.readiness.announce(url);
  }
}
