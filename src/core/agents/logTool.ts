import { parseLogQuery, SlowPatternError, type LogExcerpt, type LogMatches } from '../logs/logs.js';
import { quoteOutput, redactSecrets } from './sanitize.js';
import type { AgentCaller, AgentToolDeps } from './context.js';
import { failure, type AgentAnswer } from './answer.js';
import { logLimits } from './limits.js';
import type { ServerRecord } from '../registry/snapshot.js';

/** What an agent wants to see of a log: its end, what stands at an offset, or lines that match. */
export interface LogRequest {
  readonly lines: number;
  readonly offset: number | undefined;
  readonly search: string | undefined;
}

/** A part of a server's log. */
export async function readLog(
  { definition }: ServerRecord,
  wish: LogRequest,
  caller: AgentCaller,
  deps: Pick<AgentToolDeps, 'logs'>,
): Promise<AgentAnswer> {
  const { id } = definition;
  const lines = Math.min(wish.lines, logLimits.maxLines);
  const room = Math.min(Math.max(caller.room ?? Infinity, 1000), logLimits.maxBytes);
  if (wish.search !== undefined) {
    const found = await searched(definition, wish.search, lines, caller, deps);
    return 'text' in found ? found : matchesAnswer(found, definition, room);
  }
  const limits = { lines, bytes: room };
  const excerpt =
    wish.offset === undefined
      ? await deps.logs.tail(definition, limits)
      : await deps.logs.range(definition, wish.offset, limits);
  if (!excerpt) return { text: `${id} has written no log yet.`, data: { id, lines: 0 } };
  return excerptAnswer(excerpt, wish.offset === undefined, definition, room);
}

type Definition = ServerRecord['definition'];

async function searched(
  definition: Definition,
  search: string,
  most: number,
  { signal }: AgentCaller,
  { logs }: Pick<AgentToolDeps, 'logs'>,
): Promise<LogMatches | AgentAnswer> {
  try {
    return await logs.search(definition, parseLogQuery(search), most, signal);
  } catch (error) {
    if (signal.aborted) return failure('cancelled', 'The call was cancelled.');
    if (error instanceof SyntaxError) return failure('badRequest', `search: ${error.message}`);
    if (!(error instanceof SlowPatternError)) throw error;
    return failure('badRequest', 'search: with this expression some lines would take for ever.');
  }
}

function excerptAnswer(
  excerpt: LogExcerpt,
  isTail: boolean,
  definition: Definition,
  room: number,
): AgentAnswer {
  const whole = redactSecrets(excerpt.text + excerpt.rest, definition);
  // Replaced bytes are longer as text than in the log.
  const text = isTail ? whole.slice(-room) : whole.slice(0, room);
  const isCut = excerpt.truncated || text.length < whole.length;
  const lines = text === '' ? 0 : text.replace(/\n$/u, '').split('\n').length;
  const { id } = definition;
  const data = { id, lines, start: excerpt.start, end: excerpt.end, truncated: isCut };
  if (text === '') return { text: `Nothing is in the log of ${id} there.`, data };
  const head = isTail
    ? `The last ${lines} lines of the log of ${id}${isCut ? ', which begins earlier' : ''}.`
    : `${lines} lines of the log of ${id} from byte ${excerpt.start}${isCut ? `; it goes on at byte ${excerpt.end}` : ''}.`;
  return { text: `${head} ${quoteOutput(text)}`, data };
}

function matchesAnswer(
  { matches, truncated }: LogMatches,
  definition: Definition,
  room: number,
): AgentAnswer {
  const { id } = definition;
  const lines = matches.map(({ line, offset, text }) => `${line} (byte ${offset}): ${text}`);
  const kept: string[] = [];
  let left = room;
  for (const line of lines.toReversed()) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.unshift(line);
  }
  const isCut = truncated || kept.length < lines.length;
  const data = { id, matches: kept.length, truncated: isCut };
  if (kept.length === 0) return { text: `No line of the log of ${id} matches.`, data };
  const head = `The newest ${kept.length} matching lines of the log of ${id}${isCut ? '; there are more before them' : ''}.`;
  return { text: `${head} ${quoteOutput(redactSecrets(kept.join('\n'), definition))}`, data };
}
