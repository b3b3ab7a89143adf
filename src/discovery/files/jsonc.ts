import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { Translator } from '../../core/common.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Value of a JSON file with comments, as far as it can be parsed, and its problems. */
export interface JsonWithComments {
  readonly value: unknown;
  readonly problems: readonly string[];
}

/** Parses JSON as the editor parses its own files: with comments and trailing commas, and past errors. */
export function parseJsonc(text: string, l10n: Translator): JsonWithComments {
  const errors: ParseError[] = [];
  try {
    const value: unknown = parse(text, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (!first) return { value, problems: [] };
    const line = text.slice(0, first.offset).split('\n').length;
    return {
      value,
      problems: [l10n.t('It is not valid JSON: {0} on line {1}', printParseErrorCode(first.error), line)],
    };
  } catch (error) {
    // The parser recurses, so deep nesting overflows the stack.
    const detail = errorMessage(error);
    return { value: undefined, problems: [l10n.t('It is not valid JSON: {0}', detail)] };
  }
}
