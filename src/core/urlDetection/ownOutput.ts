import { AnsiStripper } from './ansiStripper.js';

/** Length at which lines are cut. */
const maxLineLength = 200;

/**
 * Lines that package managers and runtimes print for a program that prints nothing itself: `> app@1.0.0 dev`,
 * `$ node server.js`, `apps/web dev$ node server.js`, and warnings of Node.
 */
const notOwn =
  /^(?:\P{L}*$|\s*(?:[>$] |\S+ \S+\$ |yarn run v\d|Task \S+ |Scope: \d|\(node:\d+\) |\(Use `node --trace))/u;

/** Finds the first line of a server's own in output that arrives in arbitrary chunks. */
export class OwnOutput {
  readonly #stripper = new AnsiStripper();
  #line = '';
  #isFound = false;

  /** Whether the server has printed a line of its own. */
  get isFound(): boolean {
    return this.#isFound;
  }

  push(chunk: string): void {
    if (this.#isFound) return;
    const lines = (this.#line + this.#stripper.push(chunk))
      .split(/[\r\n]+/)
      .map((line) => line.slice(0, maxLineLength));
    this.#line = lines.pop() ?? '';
    this.#isFound = lines.some((line) => !notOwn.test(line));
  }
}
