import type { Translator } from '../../../core/common.js';

/**
 * Maximum number of characters that are read. Longer files are generated: settings are skipped, and source files are
 * searched up to here.
 */
const maxTextLength = 256 * 1024;

/** Longer lines are generated, and are not searched. */
const maxLineLength = 1000;

/** Returns why a text is too large to be parsed; `undefined` if it is not. */
export function sizeProblem({ length }: string, l10n: Translator): string | undefined {
  return length <= maxTextLength ? undefined : l10n.t('It is larger than {0} KiB.', maxTextLength / 1024);
}

/** Returns the lines of a source file, without generated ones. */
export function sourceLines(text: string): string[] {
  return text
    .slice(0, maxTextLength)
    .split(/\r\n|\n|\r/u)
    .filter(({ length }) => length <= maxLineLength);
}
