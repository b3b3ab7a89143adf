import type { TextRange } from './textRange.js';

/** Keys and indices that lead to a value, as in `["servers", 2, "cwd"]`. */
export type EntryPath = readonly (string | number)[];

/** Something that is wrong in what a person has written, and where. */
export interface EntryProblem {
  readonly path: EntryPath;
  /** A sentence without its full stop, in the user's language. */
  readonly reason: string;
  /** The part of the text at that place that is meant; all of it when missing. */
  readonly excerpt?: string;
  /** Where it stands in the text, when that is known already. */
  readonly range?: TextRange;
  /** The name of the property is meant, and not its value. */
  readonly isKey?: boolean;
  /** Nothing is left out for its sake. */
  readonly isWarning?: boolean;
  /** It is wrong by its form alone, which the editor tells by the JSON schema while the file is open. */
  readonly isSchemaProblem?: boolean;
}

/** A problem, and in which of the two places a person has written it. */
export interface ReferenceProblem extends EntryProblem {
  readonly source: 'settings' | 'configuration';
}
