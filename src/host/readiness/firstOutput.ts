import { AnsiStripper } from '../../core/urlDetection/ansiStripper.js';

/** Length at which lines are cut. */
const maxLineLength = 200;

/**
 * Lines that package managers and runtimes print for a program that prints nothing itself: `> app@1.0.0 dev`,
 * `$ node server.js`, `apps/web dev$ node server.js`, and warnings of Node.
 */
const notOwn =
  /^\s*(?:[>$] |\S+ \S+\$ |yarn run v\d|Task \S+ |Scope: \d|\(node:\d+\) |\(Use `node --trace|\P{L}*$)/u;

/** Finds out when a server has printed its first line of its own, in output that arrives in arbitrary chunks. */
export class FirstOutput {
  readonly #stripper = new AnsiStripper();
  #line = '';
  #at: number | undefined;

  /** On the clock of `performance.now`; `undefined` while it has printed none. */
  get at(): number | undefined {
    return this.#at;
  }

  push(chunk: string): void {
    if (this.#at !== undefined) return;
    const lines = (this.#line + this.#stripper.push(chunk))
      .split(/[\r\n]+/)
      .map((line) => line.slice(0, maxLineLength));
    this.#line = lines.pop() ?? '';
    if (lines.some((line) => !notOwn.test(line))) this.#at = performance.now();
  }
}
