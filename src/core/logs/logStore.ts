import type { ServerIdentity } from '../server/identity.js';

/** Owner of a log: a server in its folder has one log across all its runs. */
export type LogOwner = ServerIdentity;

/** Requested part of a log. The store applies its own limits to every answer as well. */
export interface LogLimits {
  readonly lines?: number;
  /** Bytes of the log. Text without control sequences is usually shorter, and at most three times as long. */
  readonly bytes?: number;
}

/**
 * A part of a log as plain text: without control sequences, with the final content of overwritten lines, and with
 * replacement characters for invalid UTF-8. Offsets count all bytes ever written to the log, so they stay valid when
 * the oldest bytes are dropped.
 */
export interface LogExcerpt {
  /** Each line with its line end; a last line without one continues in the next excerpt. */
  readonly text: string;
  /** Unfinished last line of the log, if the text reaches up to it. */
  readonly rest: string;
  /** Offset of the text. */
  readonly start: number;
  /** Offset of the end of the text, at which the next excerpt starts. */
  readonly end: number;
  /** The limits cut off a part of the request: before the text of a tail, after that of a range. */
  readonly truncated: boolean;
}

/** Search query of the user: a case-insensitive text, or a regular expression. */
export type LogQuery =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

/** A query, or the first lines of errors of pages. */
export type LogSearch = LogQuery | { readonly kind: 'pageErrors' };

/** A matching line. */
export interface LogMatch {
  /** The line, truncated if it is long. */
  readonly text: string;
  /** Line number, from 1 at the start of the kept part. */
  readonly line: number;
  /** Offset of the line. */
  readonly offset: number;
}

export interface LogMatches {
  readonly matches: readonly LogMatch[];
  /** There are more matches than were requested. */
  readonly truncated: boolean;
}

/** Reads the output of servers, including that of ended runs. */
export interface LogStore {
  /** Returns the owners that have a log. */
  existing<Owner extends LogOwner>(owners: readonly Owner[]): Promise<Owner[]>;
  /** Returns the end of a log; `undefined` if there is none. */
  tail(owner: LogOwner, limits?: LogLimits): Promise<LogExcerpt | undefined>;
  /** Returns the log from an offset on, or from the start of the kept part if that offset was dropped. */
  range(owner: LogOwner, offset: number, limits?: LogLimits): Promise<LogExcerpt | undefined>;
  /**
   * Returns the newest matching lines, in their order. Rejects with a `SlowPatternError`, or if the signal is aborted.
   */
  search(owner: LogOwner, query: LogSearch, maxMatches: number, signal?: AbortSignal): Promise<LogMatches>;
  /**
   * Removes a log, except for the output that other windows write. The output of a server that runs starts a new one.
   */
  clear(owner: LogOwner): Promise<void>;
  /**
   * Calls the listener after a log has grown, at most a few times a second. Returns a function that unsubscribes it.
   */
  watch(owner: LogOwner, listener: () => void): () => void;
}

/** The pattern takes too long to match some lines. */
export class SlowPatternError extends Error {
  override readonly name = 'SlowPatternError';
}

/**
 * Parses the user's input: `/…/` is a regular expression, anything else is literal text. Throws a `SyntaxError` for an
 * invalid expression.
 */
export function parseLogQuery(input: string): LogQuery {
  const source = /^\/(?<source>.+)\/$/su.exec(input)?.groups?.['source'];
  return source === undefined
    ? { kind: 'text', text: input }
    : { kind: 'pattern', pattern: new RegExp(source, 'i') };
}

/** Returns whether a line of plain text matches. */
export function matchesQuery(line: string, query: LogQuery): boolean {
  return query.kind === 'pattern'
    ? query.pattern.test(line)
    : line.toLowerCase().includes(query.text.toLowerCase());
}
