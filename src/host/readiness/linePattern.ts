import { AnsiStripper } from '../../core/urlDetection/ansiStripper.js';
import { SlowPatternError } from '../../core/logs/logStore.js';
import { boundedMatcher, type LineMatcher } from '../system/boundedPattern.js';

/** Length at which lines are cut before the match. */
const maxLineLength = 2000;

/**
 * Processor time that all matches of an expression may take: this many milliseconds, and this share of the time since the
 * start. Otherwise an expression that is just fast enough for each chunk could occupy the process host.
 */
const budgetMs = 2000;
const budgetShare = 0.1;

/** Milliseconds, of the processor and of a monotonic clock. Tests replace them. */
interface MatchClock {
  readonly used: () => number;
  readonly now: () => number;
}

const systemClock: MatchClock = {
  used: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  now: () => performance.now(),
};

/** Finds the first matching line in output that arrives in arbitrary chunks. */
export class LinePattern {
  readonly #stripper = new AnsiStripper();
  readonly #match: LineMatcher;
  readonly #startedAt: number;
  #usedMs = 0;
  #line = '';
  #result: 'none' | 'found' | 'tooSlow' = 'none';

  /** Throws a `SyntaxError` if `source` is not a regular expression. */
  constructor(
    source: string,
    private readonly clock = systemClock,
  ) {
    this.#match = boundedMatcher(new RegExp(source));
    this.#startedAt = clock.now();
  }

  /** `tooSlow` for an expression that takes too long for a line, or for all of them; it is not tried again. */
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
    const before = this.clock.used();
    this.#result = this.#resultOf(lines);
    this.#usedMs += this.clock.used() - before;
    if (this.#result === 'none' && this.#usedMs > this.#budgetMs()) this.#result = 'tooSlow';
  }

  #resultOf(lines: readonly string[]): LinePattern['result'] {
    try {
      return this.#match(lines).includes(true) ? 'found' : 'none';
    } catch (error) {
      if (!(error instanceof SlowPatternError)) throw error;
      return 'tooSlow';
    }
  }

  #budgetMs(): number {
    return budgetMs + budgetShare * (this.clock.now() - this.#startedAt);
  }
}
