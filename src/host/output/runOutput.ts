import { OutputRing } from './ringBuffer.js';
import { plainTail } from './outputTail.js';
import type { RunLog } from '../logs/serverLogs.js';
import { Viewer, type ViewerPorts } from './terminalStream.js';

const ringBytes = 1024 * 1024;

/** Of so many of the last bytes of an output the tail is taken. */
const tailBytes = 16_384;

export interface RunOutputPorts extends ViewerPorts {
  readonly log: RunLog | undefined;
}

/** What a run writes: kept in its log, and in memory for a terminal that opens later, and sent to the one that shows it. */
export class RunOutput {
  readonly #ring = new OutputRing(ringBytes);
  #viewer: Viewer | undefined;

  constructor(private readonly ports: RunOutputPorts) {}

  /** A terminal shows it. */
  get isShown(): boolean {
    return this.#viewer !== undefined;
  }

  push(chunk: Buffer): void {
    this.#ring.push(chunk);
    this.ports.log?.push(chunk);
    this.#viewer?.push(chunk);
  }

  /** Sends what is kept, and from then on everything new. */
  attach(): void {
    this.detach();
    this.#viewer = new Viewer(this.ports);
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
    this.ports.log?.end();
    return plainTail(this.#ring.text(tailBytes));
  }
}
