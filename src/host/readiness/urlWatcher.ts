import { StringDecoder } from 'node:string_decoder';
import { Debouncer } from '../../core/debouncer.js';
import { timer } from '../system/timers.js';
import { ComplaintScanner, type AddressInUse } from '../../core/urlDetection/addressInUse.js';
import { PageErrorScanner } from '../../core/logs/pageMessages.js';
import { UrlScanner, type ScannedPorts } from '../../core/urlDetection/urlScanner.js';

/** An unfinished line is scanned as it is when no output follows for this long, milliseconds. */
const idleFlushMs = 50;

/** A page that fails writes many errors at once; they are reported together after this time, milliseconds. */
const pageErrorDelayMs = 300;

/** Text of a run and the addresses and ports found in it. */
export interface ScannedOutput {
  /** Announced URLs in the order of the output. */
  readonly urls: readonly string[];
  /** Facts about ports in the output so far. */
  readonly ports: ScannedPorts;
  /** The server's last complaint that its port is in use; the same object until that changes. */
  readonly complaint: AddressInUse | undefined;
  /** The new text; `undefined` when an unfinished line was scanned again. */
  readonly text: string | undefined;
}

/** Scans the output of a run for the URLs that the server announces, and for errors of pages that it forwards. */
export class UrlWatcher {
  readonly #decoder = new StringDecoder('utf8');
  readonly #scanner = new UrlScanner();
  readonly #complaints = new ComplaintScanner();
  readonly #idleFlush = new Debouncer(timer, () => this.#flush());

  readonly #pageErrors = new PageErrorScanner();
  readonly #pageErrorReport = new Debouncer(timer, () => this.onPageErrors(this.#pageErrors.count));

  /** `onPageErrors` receives the number of errors since the start. */
  constructor(
    private readonly onOutput: (output: ScannedOutput) => void,
    private readonly onPageErrors: (count: number) => void,
  ) {}

  push(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    this.#complaints.push(text);
    if (this.#pageErrors.push(text)) this.#pageErrorReport.schedule(pageErrorDelayMs);
    this.#report(this.#scanner.push(text), text);
    this.#idleFlush.restart(idleFlushMs);
  }

  end(): void {
    this.#idleFlush.cancel();
    this.#pageErrorReport.cancel();
  }

  #flush(): void {
    this.#complaints.flush();
    this.#report(this.#scanner.flush(), undefined);
  }

  #report(urls: readonly string[], text: string | undefined): void {
    this.onOutput({ urls, ports: this.#scanner.ports, complaint: this.#complaints.complaint, text });
  }
}
