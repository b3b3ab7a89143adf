import type { Translator } from '../../core/common.js';

/** First line of a conflict, as git writes it. */
const beginning = /^<<<<<<< .*/mu;

/** Begins the last line of a conflict. */
const end = '\n>>>>>>> ';

/** Returns the line with which the first unresolved merge conflict in a text begins. */
export function mergeConflict(
  text: string,
): { readonly offset: number; readonly length: number } | undefined {
  const found = beginning.exec(text);
  if (!found || !text.includes(end, found.index)) return undefined;
  return { offset: found.index, length: found[0].trimEnd().length };
}

/** Returns the reason why a file with a merge conflict cannot be read; `undefined` without one. */
export function mergeConflictProblem(text: string, l10n: Translator): string | undefined {
  const found = mergeConflict(text);
  return found && l10n.t('It has an unresolved merge conflict on line {0}.', lineAt(text, found.offset));
}

/** Returns the number of the line at an offset, from 1 on. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
