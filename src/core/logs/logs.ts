import type { ServerIdentity } from '../server/identity.js';

/** Whose log it is: a server in its folder has one, whatever starts and ends meanwhile. */
export type LogOwner = ServerIdentity;

/** How much of a log is wanted. Whatever is asked for, an answer stays within limits of its own. */
export interface LogLimits {
  readonly lines?: number;
  /** Bytes of the log. As text they are fewer as a rule, and never more than three times as many. */
  readonly bytes?: number;
}

/**
 * A part of a log as plain text: without control sequences, lines that were written anew as they were left, and with
 * replacement characters for what is no UTF-8. Offsets count all bytes that were ever written into the log, so they stay
 * true when the oldest are given up.
 */
export interface LogExcerpt {
  /** Each line with its line end; a last line without one goes on in what follows. */
  readonly text: string;
  /** The unfinished last line of the log, when the text reaches up to it. */
  readonly rest: string;
  /** Where the text begins. */
  readonly start: number;
  /** Where the text ends and the next one begins. */
  readonly end: number;
  /** The limits left something out that was asked for: before the text of a tail, after that of a range. */
  readonly truncated: boolean;
}

/** What to look for: a text, whatever its case, or a regular expression. */
export type LogQuery =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'pattern'; readonly pattern: RegExp };

/** A line that was found. */
export interface LogMatch {
  /** The line, cut when it is long. */
  readonly text: string;
  /** Counted from 1 at the beginning of what is kept. */
  readonly line: number;
  /** Where the line begins. */
  readonly offset: number;
}

export interface LogMatches {
  readonly matches: readonly LogMatch[];
  /** There are more than were wanted. */
  readonly truncated: boolean;
}

/** Reads what servers wrote, also of those that have ended. */
export interface LogStore {
  /** Those of them that have a log. */
  existing<Owner extends LogOwner>(owners: readonly Owner[]): Promise<Owner[]>;
  /** The end of a log; `undefined` when there is none. */
  tail(owner: LogOwner, limits?: LogLimits): Promise<LogExcerpt | undefined>;
  /** What stands at an offset and behind; from the beginning when that part is not kept any more. */
  range(owner: LogOwner, offset: number, limits?: LogLimits): Promise<LogExcerpt | undefined>;
  /** The newest lines that match, in their order. Rejects with a `SlowPatternError`, or when the signal is given. */
  search(owner: LogOwner, query: LogQuery, most: number, signal?: AbortSignal): Promise<LogMatches>;
  /** Calls the listener some time after a log has grown, a few times a second at most, until the returned function is called. */
  watch(owner: LogOwner, listener: () => void): () => void;
}

/** A pattern for which some lines would take for ever. */
export class SlowPatternError extends Error {
  override readonly name = 'SlowPatternError';
}

/**
 * Reads what a person types: `/…/` is a regular expression, everything else the text itself. Throws a `SyntaxError` for an
 * expression that is none.
 */
export function parseLogQuery(input: string): LogQuery {
  const source = /^\/(?<source>.+)\/$/su.exec(input)?.groups?.['source'];
  return source === undefined
    ? { kind: 'text', text: input }
    : { kind: 'pattern', pattern: new RegExp(source, 'i') };
}
