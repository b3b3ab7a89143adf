import { createContext, Script } from 'node:vm';
import { SlowPatternError } from '../../core/logs/logStore.js';

/** Returns for each line whether the pattern matches it. Throws a `SlowPatternError`. */
export type LineMatcher = (lines: readonly string[]) => readonly boolean[];

/** Longest processor time for the lines of one call, milliseconds. */
const limitMs = 250;

/** Attempts on a machine that gives this process little processor time. */
const maxAttempts = 4;

const script = new Script('lines.map((line) => pattern.test(line))');

/**
 * Returns a matcher that gives up a pattern which takes too long: for some, the time grows exponentially with the length of
 * a line. The caller bounds the length of the lines.
 */
export function boundedMatcher(pattern: RegExp): LineMatcher {
  // Without a repetition the time is bounded by the length of the pattern and the text.
  if (!/[*+?{]/.test(pattern.source)) return (lines) => lines.map((line) => pattern.test(line));
  const context = createContext({ pattern, lines: [] as readonly string[] });
  return (lines) => {
    context['lines'] = lines;
    return runWithin(context, pattern);
  };
}

/** Runs the script in a context of its own, since only that has a timeout, which ends a regular expression too. */
function runWithin(context: object, pattern: RegExp): readonly boolean[] {
  for (let attempt = 1; ; attempt += 1) {
    const before = process.cpuUsage();
    try {
      return script.runInContext(context, { timeout: limitMs }) as boolean[];
    } catch (error) {
      const { user, system } = process.cpuUsage(before);
      // The timeout counts wall-clock time, in which other processes may have had the processor.
      const hadTime = (user + system) / 1000 > limitMs / 2;
      if (hadTime || attempt === maxAttempts)
        throw new SlowPatternError(`${String(pattern)} takes too long`, { cause: error });
    }
  }
}
