import { AnsiStripper } from './ansiStripper.js';

/** Length at which lines are cut before the match, which bounds the time of an expression. */
const maxLineLength = 2000;

/** Finds the first matching line in output that arrives in arbitrary chunks. */
export class LinePattern {
  readonly #stripper = new AnsiStripper();
  readonly #expression: RegExp;
  #line = '';
  #isFound = false;

  /** Throws a `SyntaxError` if `source` is not a regular expression. */
  constructor(source: string) {
    this.#expression = new RegExp(source);
  }

  get isFound(): boolean {
    return this.#isFound;
  }

  /** Matches the unfinished line too, since a prompt has no line end. A match is final, however the line continues. */
  push(chunk: string): void {
    if (this.#isFound) return;
    const lines = (this.#line + this.#stripper.push(chunk)).split(/[\r\n]+/);
    this.#isFound = lines.some((line) => this.#expression.test(line.slice(0, maxLineLength)));
    this.#line = (lines.at(-1) ?? '').slice(0, maxLineLength);
  }
}
