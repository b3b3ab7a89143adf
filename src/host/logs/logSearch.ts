import type { LogMatch, LogMatches, LogSearch } from '../../core/logs/logStore.js';
import { PageErrorReader } from '../../core/logs/pageMessages.js';
import type { LogReader } from './logReader.js';
import { boundedMatcher } from '../system/boundedPattern.js';
import { plainText } from './plainText.js';

const bytesPerRead = 256 * 1024;

/** Characters of a line that are searched, and that are returned. */
const maxLine = 10_000;
const maxShown = 500;

const lineFeed = 0x0a;

/** Returns the newest matching lines of the log, in their order. Rejects with a `SlowPatternError`, or when aborted. */
export async function searchLog(
  reader: LogReader,
  query: LogSearch,
  maxMatches: number,
  signal: AbortSignal | undefined,
): Promise<LogMatches> {
  const select = toSelection(query);
  const matches: LogMatch[] = [];
  let found = 0;
  let line = 1;
  for (let at = reader.start; at < reader.end;) {
    signal?.throwIfAborted();
    const bytes = await reader.read(at, Math.min(at + bytesPerRead, reader.end));
    // A line longer than one read is searched in pieces.
    const whole = bytes.subarray(0, bytes.lastIndexOf(lineFeed) + 1 || bytes.length);
    const texts = (await plainText(whole)).split('\n');
    const offsets = lineStarts(whole);
    const lines = offsets.map((offset, index) => ({
      text: texts[index] ?? '',
      line: line + index,
      offset: at + offset,
    }));
    const selected = select(lines);
    found += selected.length;
    // These can be too many for the arguments of one call.
    for (const { text, line: number, offset } of selected)
      matches.push({ text: text.slice(0, maxShown), line: number, offset });
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

/** Selects matching lines of the next part of a log. */
type Selection = (lines: readonly LogMatch[]) => readonly LogMatch[];

function toSelection(query: LogSearch): Selection {
  switch (query.kind) {
    case 'pageErrors': {
      const reader = new PageErrorReader<LogMatch>();
      return (lines) => lines.flatMap((line) => reader.push(line.text, line) ?? []);
    }
    case 'pattern': {
      const match = boundedMatcher(query.pattern);
      return (lines) => {
        const areFound = match(lines.map(({ text }) => text.slice(0, maxLine)));
        return lines.filter((_, index) => areFound[index]);
      };
    }
    case 'text': {
      const wanted = query.text.toLowerCase();
      return (lines) => lines.filter(({ text }) => text.slice(0, maxLine).toLowerCase().includes(wanted));
    }
  }
}
