import { RingBuffer } from './ringBuffer.js';
import { plainTail } from './outputTail.js';
import type { RunLog } from '../logs/serverLogs.js';
import { TerminalStream, type TerminalStreamDeps } from './terminalStream.js';

const ringBytes = 1024 * 1024;

/** Number of last bytes of the output that are searched for its last lines. */
const tailBytes = 16_384;

/** Largest text that is kept of earlier runs while a terminal shows them, UTF-16 units. */
const maxAboveLength = 256 * 1024;

export interface RunOutputDeps extends TerminalStreamDeps {
  readonly log: RunLog | undefined;
}

/** The output of a run: keeps it in the log and in memory, and sends it to the terminal that shows the run. */
export class RunOutput {
  readonly #ring = new RingBuffer(ringBytes);
  #terminal: TerminalStream | undefined;
  /** Earlier runs and notes that terminals show above this run. */
  #above = '';

  constructor(private readonly deps: RunOutputDeps) {}

  /** `true` while a terminal shows the run. */
  get isShown(): boolean {
    return this.#terminal !== undefined;
  }

  push(chunk: Buffer): void {
    this.#ring.push(chunk);
    this.deps.log?.push(chunk);
    this.#terminal?.push(chunk);
  }

  /** Content of a terminal: earlier runs, and the kept output of this one. */
  get text(): string {
    return this.#above + this.#ring.text();
  }

  /**
   * Replays the content of the terminal, without the part that this terminal shows `above` already, and then sends new
   * output.
   */
  attach(above?: string): void {
    this.detach();
    this.#terminal = new TerminalStream(this.deps);
    if (above !== undefined) this.#above = lastLines(above);
    this.#terminal.send(above === undefined ? this.text : this.#ring.text());
  }

  detach(): void {
    this.#terminal?.close();
    this.#terminal = undefined;
  }

  acknowledge(units: number): void {
    this.#terminal?.acknowledge(units);
  }

  /** Flushes the terminal and the log. Returns the last lines as plain text. */
  end(): string[] {
    this.#terminal?.flush();
    this.deps.log?.end();
    return plainTail(this.#ring.text(tailBytes));
  }
}

/** Shortens a long text to its last lines. */
function lastLines(text: string): string {
  if (text.length <= maxAboveLength) return text;
  const end = text.slice(-maxAboveLength);
  return end.slice(end.indexOf('\n') + 1);
}
