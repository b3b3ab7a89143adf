import { AnsiStripper } from '../../core/urlDetection/ansiStripper.js';
import { SlowPatternError } from '../../core/logs/logStore.js';
import { boundedMatcher, type LineMatcher } from '../system/boundedPattern.js';

/** Length at which lines are cut before the match. */
const maxLineLength = 2000;

/** Finds the first matching line in output that arrives in arbitrary chunks. */
export class LinePattern {
  readonly #stripper = new AnsiStripper();
  readonly #match: LineMatcher;
  #line = '';
  #result: 'none' | 'found' | 'tooSlow' = 'none';

  /** Throws a `SyntaxError` if `source` is not a regular expression. */
  constructor(source: string) {
    this.#match = boundedMatcher(new RegExp(source));
  }

  /** `tooSlow` for an expression that takes too long for a line; it is not tried again. */
  get result(): 'none' | 'found' | 'tooSlow' {
    return this.#result;
  }

  /** Matches the unfinished line too, since a prompt has no line end. A match is final, however the line continues. */
  push(chunk: string): void {
    if (this.#result !== 'none') return;
    const lines = (this.#line + this.#stripper.push(chunk))
      .split(/[\r\n]+/)
      .map((line) => line.slice(0, maxLineLength));
    this.#line = lines.at(-1) ?? '';
    try {
      if (this.#match(lines).includes(true)) this.#result = 'found';
    } catch (error) {
      if (!(error instanceof SlowPatternError)) throw error;
      this.#result = 'tooSlow';
    }
  }
}
