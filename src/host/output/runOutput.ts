import { RingBuffer } from './ringBuffer.js';
import { plainTail } from './outputTail.js';
import type { RunLog } from '../logs/serverLogs.js';
import { TerminalStream, type TerminalStreamDeps } from './terminalStream.js';

const ringBytes = 1024 * 1024;

/** Number of last bytes of the output that are searched for its last lines. */
const tailBytes = 16_384;

export interface RunOutputDeps extends TerminalStreamDeps {
  readonly log: RunLog | undefined;
}

/** The output of a run: keeps it in the log and in memory, and sends it to the terminal that shows the run. */
export class RunOutput {
  readonly #ring = new RingBuffer(ringBytes);
  #terminal: TerminalStream | undefined;

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

  /** Replays the kept output, and from then on sends new output. */
  attach(): void {
    this.detach();
    this.#terminal = new TerminalStream(this.deps);
    this.#terminal.send(this.#ring.text());
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
