import { AnsiStripper } from './ansiStripper.js';

/** What is longer is compared by its beginning; keeps the time of an expression bounded. */
const maxLine = 2000;

/** Finds the first line of an output, which comes in pieces cut anywhere, that matches an expression. */
export class LinePattern {
  readonly #stripper = new AnsiStripper();
  readonly #expression: RegExp;
  #line = '';
  #isFound = false;

  /** Throws a `SyntaxError` when it is no regular expression. */
  constructor(source: string) {
    this.#expression = new RegExp(source);
  }

  get isFound(): boolean {
    return this.#isFound;
  }

  /** An unfinished line is looked at too, since a prompt has no end; a match that goes on later stays one. */
  push(chunk: string): void {
    if (this.#isFound) return;
    const lines = (this.#line + this.#stripper.push(chunk)).split(/[\r\n]+/);
    this.#isFound = lines.some((line) => this.#expression.test(line.slice(0, maxLine)));
    this.#line = (lines.at(-1) ?? '').slice(0, maxLine);
  }
}
