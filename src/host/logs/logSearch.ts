import type { LogMatch, LogMatches, LogQuery } from '../../core/logs/logStore.js';
import type { LogReader } from './logReader.js';
import { boundedMatcher, type LineMatcher } from '../system/boundedPattern.js';
import { plainText } from './plainText.js';

const bytesPerRead = 256 * 1024;

/** Characters of a line that are searched, and that are returned. */
const maxLine = 10_000;
const maxShown = 500;

const lineFeed = 0x0a;

/** Returns the newest matching lines of the log, in their order. Rejects with a `SlowPatternError`, or when aborted. */
export async function searchLog(
  reader: LogReader,
  query: LogQuery,
  maxMatches: number,
  signal: AbortSignal | undefined,
): Promise<LogMatches> {
  const match = toMatcher(query);
  const matches: LogMatch[] = [];
  let found = 0;
  let line = 1;
  for (let at = reader.start; at < reader.end;) {
    signal?.throwIfAborted();
    const bytes = await reader.read(at, Math.min(at + bytesPerRead, reader.end));
    // A line longer than one read is searched in pieces.
    const whole = bytes.subarray(0, bytes.lastIndexOf(lineFeed) + 1 || bytes.length);
    const lines = (await plainText(whole)).split('\n').map((each) => each.slice(0, maxLine));
    const offsets = lineStarts(whole);
    for (const [index, isFound] of match(lines).entries()) {
      const offset = offsets[index];
      if (!isFound || offset === undefined) continue;
      found += 1;
      matches.push({
        text: lines[index]?.slice(0, maxShown) ?? '',
        line: line + index,
        offset: at + offset,
      });
    }
    matches.splice(0, matches.length - maxMatches);
    line += whole.at(-1) === lineFeed ? offsets.length : offsets.length - 1;
    at += whole.length;
  }
  return { matches, truncated: found > matches.length };
}

/** Returns the offset of each line; there is no empty line after the last line end. */
function lineStarts(bytes: Buffer): number[] {
  const starts: number[] = [];
  for (let at = 0; at < bytes.length;) {
    starts.push(at);
    at = bytes.indexOf(lineFeed, at) + 1 || bytes.length;
  }
  return starts;
}

function toMatcher(query: LogQuery): LineMatcher {
  if (query.kind === 'pattern') return boundedMatcher(query.pattern);
  const wanted = query.text.toLowerCase();
  return (lines) => lines.map((line) => line.toLowerCase().includes(wanted));
}
