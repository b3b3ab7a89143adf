import { RingBuffer } from './ringBuffer.js';
import { plainTail } from './outputTail.js';
import type { RunLog } from '../logs/serverLogs.js';
import { TerminalStream, type TerminalStreamDeps } from './terminalStream.js';

const ringBytes = 1024 * 1024;

/** Of so many of the last bytes of an output the tail is taken. */
const tailBytes = 16_384;

export interface RunOutputDeps extends TerminalStreamDeps {
  readonly log: RunLog | undefined;
}

/** What a run writes: kept in its log, and in memory for a terminal that opens later, and sent to the one that shows it. */
export class RunOutput {
  readonly #ring = new RingBuffer(ringBytes);
  #viewer: TerminalStream | undefined;

  constructor(private readonly deps: RunOutputDeps) {}

  /** A terminal shows it. */
  get isShown(): boolean {
    return this.#viewer !== undefined;
  }

  push(chunk: Buffer): void {
    this.#ring.push(chunk);
    this.deps.log?.push(chunk);
    this.#viewer?.push(chunk);
  }

  /** Sends what is kept, and from then on everything new. */
  attach(): void {
    this.detach();
    this.#viewer = new TerminalStream(this.deps);
    this.#viewer.send(this.#ring.text());
  }

  detach(): void {
    this.#viewer?.close();
    this.#viewer = undefined;
  }

  acknowledge(units: number): void {
    this.#viewer?.acknowledge(units);
  }

  /** Nothing follows: what is gathered is sent and written. The last lines are returned as plain text. */
  end(): string[] {
    this.#viewer?.flush();
    this.deps.log?.end();
    return plainTail(this.#ring.text(tailBytes));
  }
}
