import type { Translator } from '../../core/common.js';

/** A longer file is not written by people: of settings it is not read, and source is searched so far. Characters. */
const maxTextLength = 256 * 1024;

/** Longer lines are not written by people, and are not searched. */
const maxLineLength = 1000;

/** Why a text is not taken apart, or `undefined` when it may be. */
export function sizeProblem({ length }: string, l10n: Translator): string | undefined {
  return length <= maxTextLength ? undefined : l10n.t('It is larger than {0} KiB.', maxTextLength / 1024);
}

/** The lines of a source file without those that only a program would write. */
export function sourceLines(text: string): string[] {
  return text
    .slice(0, maxTextLength)
    .split(/\r\n|\n|\r/u)
    .filter(({ length }) => length <= maxLineLength);
}
