import { parse, type ParseError } from 'jsonc-parser';
import type { Translator } from '../../core/common.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Describes the first error of a JSON file and its position. The text must be the one that was parsed. */
export function jsonProblem(text: string, { error, offset }: ParseError, l10n: Translator): string {
  const lines = text.slice(0, offset).split('\n');
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return l10n.t(
    'It is not valid JSON: {0} on line {1}, column {2}',
    jsonErrorText(error, l10n),
    lines.length,
    column,
  );
}

/**
 * Describes why `JSON.parse` refused a text with an error. The messages of the engine are English only, differ with its
 * version, and often lack the position.
 */
export function strictJsonProblem(text: string, error: unknown, l10n: Translator): string {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true });
  } catch {
    // The parser recurses, so deep nesting overflows the stack.
  }
  const [first] = errors;
  return first ? jsonProblem(text, first, l10n) : l10n.t('It is not valid JSON: {0}', errorMessage(error));
}

/** Describes an error code of jsonc-parser, as a part of a sentence. */
export function jsonErrorText(code: number, l10n: Translator): string {
  return texts[code]?.(l10n) ?? l10n.t('unexpected text');
}

/** Descriptions by code; the names that jsonc-parser has for its codes are not meant for users. */
const texts: Readonly<Record<number, (l10n: Translator) => string>> = {
  1: (l10n) => l10n.t('unexpected text'),
  2: (l10n) => l10n.t('an invalid number'),
  3: (l10n) => l10n.t('a property name in double quotes is missing'),
  4: (l10n) => l10n.t('a value is missing'),
  5: (l10n) => l10n.t('a colon is missing'),
  6: (l10n) => l10n.t('a comma is missing'),
  7: (l10n) => l10n.t('a closing brace is missing'),
  8: (l10n) => l10n.t('a closing bracket is missing'),
  9: (l10n) => l10n.t('there is text after the end'),
  10: (l10n) => l10n.t('a comment is not allowed here'),
  11: (l10n) => l10n.t('a comment is not closed'),
  12: (l10n) => l10n.t('a string is not closed'),
  13: (l10n) => l10n.t('a number is not complete'),
  14: (l10n) => l10n.t('an invalid Unicode escape in a string'),
  15: (l10n) => l10n.t('an invalid escape sequence in a string'),
  16: (l10n) => l10n.t('an invalid character in a string'),
};
