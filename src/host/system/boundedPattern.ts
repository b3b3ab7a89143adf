import { SlowPatternError } from '../../core/logs/logStore.js';
import { callWithin, TimeLimitError } from './boundedCall.js';

/** Returns for each line whether the pattern matches it. Throws a `SlowPatternError`. */
export type LineMatcher = (lines: readonly string[]) => readonly boolean[];

/**
 * Returns a matcher that gives up a pattern which takes too long: for some, the time grows exponentially with the length of
 * a line. The caller bounds the length of the lines.
 */
export function boundedMatcher(pattern: RegExp): LineMatcher {
  const match = (lines: readonly string[]): boolean[] => lines.map((line) => pattern.test(line));
  // Without repetitions and alternatives there is one way to match at each position.
  if (!/[*+?{|]/.test(pattern.source)) return match;
  return (lines) => {
    try {
      return callWithin(() => match(lines));
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error;
      throw new SlowPatternError(`${String(pattern)} takes too long`, { cause: error });
    }
  };
}
