import { OutputRing } from './outputRing.js';
import { plainTail } from './outputTail.js';
import { Viewer, type ViewerPorts } from './viewer.js';

const ringBytes = 1024 * 1024;

/** Of so many of the last characters of an output the tail is taken. */
const tailUnits = 16_384;

/** What a run writes: kept for a terminal that opens later, and sent to the one that shows it. */
export class RunOutput {
  readonly #ring = new OutputRing(ringBytes);
  #viewer: Viewer | undefined;

  constructor(private readonly ports: ViewerPorts) {}

  push(chunk: Buffer): void {
    this.#ring.push(chunk);
    this.#viewer?.push(chunk);
  }

  /** Sends what is kept, and from then on everything new. */
  attach(): void {
    this.detach();
    this.#viewer = new Viewer(this.ports);
    const replay = this.#ring.text();
    if (replay !== '') this.#viewer.send(replay);
  }

  detach(): void {
    this.#viewer?.close();
    this.#viewer = undefined;
  }

  acknowledge(units: number): void {
    this.#viewer?.acknowledge(units);
  }

  /** Nothing follows: what is gathered is sent. The last lines are returned as plain text. */
  end(): string[] {
    this.#viewer?.flush();
    return plainTail(this.#ring.text().slice(-tailUnits));
  }
}
