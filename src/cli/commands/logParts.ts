import { unquoteOutput } from '../../core/agents/sanitize.js';
import type { WindowClient } from '../../mcp/bridge/windowClient.js';
import { CommandError, exitCodeOf } from '../call/exitCodes.js';

/** A part of a log. */
export interface LogPart {
  readonly lines: readonly string[];
  /** The last line, if it has no line end yet; the next part begins with it. */
  readonly unfinished: readonly string[];
  /** Offset of the lines, which is after the requested one if the log has lost what was there. */
  readonly start: number;
  /** Offset of the next part. */
  readonly end: number;
  readonly isTruncated: boolean;
}

/** Reads a part of a server's log from a window. Rejects with a `CommandError` when the window refuses. */
export async function readPart(
  client: WindowClient,
  id: string,
  range: { readonly lines: number; readonly offset?: number },
): Promise<LogPart> {
  const answer = await client.call('devservers_get_server_logs', { id, ...range });
  const { text, data, failed } = answer;
  if (failed) throw new CommandError(text, exitCodeOf(answer), String(data['error']));
  const output = unquoteOutput(text);
  const lines = output === '' ? [] : output.replace(/\n$/u, '').split('\n');
  const isUnfinished = data['endsInLine'] === true;
  return {
    lines: isUnfinished ? lines.slice(0, -1) : lines,
    unfinished: isUnfinished ? lines.slice(-1) : [],
    start: typeof data['start'] === 'number' ? data['start'] : (range.offset ?? 0),
    end: typeof data['end'] === 'number' ? data['end'] : (range.offset ?? 0),
    isTruncated: data['truncated'] === true,
  };
}
