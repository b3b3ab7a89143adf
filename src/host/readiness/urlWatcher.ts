import { StringDecoder } from 'node:string_decoder';
import { UrlScanner } from '../../core/urlDetection/urlScanner.js';

/** An unfinished line is scanned as it is when no output follows for this long, milliseconds. */
const idleFlushMs = 50;

/** Text of a run and the addresses and ports found in it. */
export interface ScannedOutput {
  /** Announced URLs in the order of the output. */
  readonly urls: readonly string[];
  /** Ports of debuggers, live reload and the like. */
  readonly otherPorts: Iterable<number>;
  /** The new text; `undefined` when an unfinished line was scanned again. */
  readonly text: string | undefined;
}

/** Scans the output of a run for the URLs that the server announces. */
export class UrlWatcher {
  readonly #decoder = new StringDecoder('utf8');
  readonly #scanner = new UrlScanner();
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly onOutput: (output: ScannedOutput) => void) {}

  push(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    const urls = this.#scanner.push(text);
    this.onOutput({ urls, otherPorts: this.#scanner.otherPorts, text });
    this.#idleTimer ??= setTimeout(() => this.#flush(), idleFlushMs);
    // Restarts a timer that runs, and one that has expired.
    this.#idleTimer.refresh();
  }

  end(): void {
    clearTimeout(this.#idleTimer);
  }

  #flush(): void {
    this.onOutput({ urls: this.#scanner.flush(), otherPorts: [], text: undefined });
  }
}
