import type { TextRange } from './textRange.js';

/** Keys and indices that lead to a value, as in `["servers", 2, "cwd"]`. */
export type EntryPath = readonly (string | number)[];

/** A problem in a configured entry, and its path. */
export interface EntryProblem {
  readonly path: EntryPath;
  /** A sentence without its full stop, in the user's language. */
  readonly reason: string;
  /** Part of the value that causes it; the whole value when missing. */
  readonly excerpt?: string;
  /** Range in the text, if it is already known. */
  readonly range?: TextRange;
  /** Set when the name of the property is wrong, not its value. */
  readonly isKey?: boolean;
  /** Set when nothing is left out because of it. */
  readonly isWarning?: boolean;
  /** Set when the JSON schema rejects the value, so that the editor itself reports it while the file is open. */
  readonly isSchemaProblem?: boolean;
}

/** A problem with a reference, and the source of its entry. */
export interface ReferenceProblem extends EntryProblem {
  readonly source: 'settings' | 'configuration';
}
