import { escapeRegExp } from '../escapeRegExp.js';
import { pageMessage } from '../logs/pageMessages.js';
import {
  parseLogQuery,
  SlowPatternError,
  type LogExcerpt,
  type LogMatches,
  type LogQuery,
} from '../logs/logStore.js';
import { quoteOutput, redactSecrets } from './sanitize.js';
import type { AgentCaller, AgentToolDeps } from './context.js';
import { failure, type AgentAnswer } from './answer.js';
import { logLimits } from './limits.js';
import type { ServerDefinition } from '../server/definition.js';
import type { ServerRecord } from '../registry/snapshot.js';

/** A part of a log: its last lines, the lines from a byte offset, or the lines of a kind that match a search. */
export interface LogRequest {
  readonly lines: number;
  readonly offset?: number | undefined;
  readonly search?: string | undefined;
  /** `browser` selects the lines with which messages of pages begin. */
  readonly kind?: 'browser' | undefined;
}

/** Returns a part of a server's log. */
export async function readLog(
  { definition }: ServerRecord,
  request: LogRequest,
  caller: AgentCaller,
  deps: Pick<AgentToolDeps, 'logs'>,
): Promise<AgentAnswer> {
  const { id } = definition;
  const lines = Math.min(request.lines, logLimits.maxLines);
  const maxLength = Math.min(Math.max(caller.maxOutputLength ?? Infinity, 1000), logLimits.maxBytes);
  if (request.search !== undefined || request.kind !== undefined) {
    const found = await searchLog(definition, { ...request, lines }, caller, deps);
    return 'text' in found ? found : matchesAnswer(found, definition, maxLength);
  }
  const limits = { lines, bytes: maxLength };
  const excerpt =
    request.offset === undefined
      ? await deps.logs.tail(definition, limits)
      : await deps.logs.range(definition, request.offset, limits);
  if (!excerpt) return { text: `${id} has no log yet.`, data: { id, lines: 0 } };
  return excerptAnswer(excerpt, request.offset === undefined, definition, maxLength);
}

async function searchLog(
  definition: ServerDefinition,
  { search, kind, lines }: LogRequest,
  { signal }: AgentCaller,
  { logs }: Pick<AgentToolDeps, 'logs'>,
): Promise<LogMatches | AgentAnswer> {
  try {
    const query = parseLogQuery(search ?? '');
    return await logs.search(definition, kind ? pageMessagesWith(query) : query, lines, signal);
  } catch (error) {
    if (signal.aborted) return failure('cancelled', 'The call was cancelled.');
    if (error instanceof SyntaxError) return failure('badRequest', `search: ${error.message}`);
    if (!(error instanceof SlowPatternError)) throw error;
    return failure('badRequest', 'search: this regular expression takes too long to match.');
  }
}

/** Returns a query for the messages of pages that match. The store bounds the time of a pattern; a test of each line would not. */
function pageMessagesWith(query: LogQuery): LogQuery {
  const wanted = query.kind === 'text' ? escapeRegExp(query.text) : query.pattern.source;
  const source = `^(?=[^]*?(?:${pageMessage.source}))[^]*?(?:${wanted})`;
  return { kind: 'pattern', pattern: new RegExp(source, 'i') };
}

function excerptAnswer(
  excerpt: LogExcerpt,
  isTail: boolean,
  definition: ServerDefinition,
  maxLength: number,
): AgentAnswer {
  const whole = redactSecrets(excerpt.text + excerpt.rest, definition);
  // The replacement of an invalid byte is longer than the byte.
  const text = isTail ? whole.slice(-maxLength) : whole.slice(0, maxLength);
  const isCut = excerpt.truncated || text.length < whole.length;
  const lines = text === '' ? 0 : text.replace(/\n$/u, '').split('\n').length;
  const { id } = definition;
  const data = {
    id,
    lines,
    start: excerpt.start,
    end: excerpt.end,
    truncated: isCut,
    // The next part begins with this line again.
    ...(excerpt.rest !== '' && { endsInLine: true }),
  };
  if (text === '') {
    const nothing = isTail ? 'is empty' : `has no output after byte ${excerpt.start}`;
    return { text: `The log of ${id} ${nothing}.`, data };
  }
  const head = isTail
    ? `The last ${lines} lines of the log of ${id}${isCut ? '; earlier lines were omitted' : ''}.`
    : `${lines} lines of the log of ${id} from byte ${excerpt.start}${isCut ? `; it continues at byte ${excerpt.end}` : ''}.`;
  return { text: `${head} ${quoteOutput(text)}`, data };
}

function matchesAnswer(
  { matches, truncated }: LogMatches,
  definition: ServerDefinition,
  maxLength: number,
): AgentAnswer {
  const { id } = definition;
  const lines = matches.map(({ line, offset, text }) => `${line} (byte ${offset}): ${text}`);
  const kept: string[] = [];
  let remaining = maxLength;
  for (const line of lines.toReversed()) {
    remaining -= line.length + 1;
    if (remaining < 0) break;
    kept.unshift(line);
  }
  const isCut = truncated || kept.length < lines.length;
  const data = { id, matches: kept.length, truncated: isCut };
  if (kept.length === 0) return { text: `No line in the log of ${id} matches.`, data };
  const head = `The newest ${kept.length} matching lines of the log of ${id}${isCut ? '; earlier matches were omitted' : ''}.`;
  return { text: `${head} ${quoteOutput(redactSecrets(kept.join('\n'), definition))}`, data };
}
