import { parse, type ParseError } from 'jsonc-parser';
import type { Translator } from '../../core/common.js';
import { errorMessage } from '../../core/errorMessage.js';
import { jsonProblem } from './jsonError.js';

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
    return { value, problems: first ? [jsonProblem(text, first, l10n)] : [] };
  } catch (error) {
    // The parser recurses, so deep nesting overflows the stack.
    const detail = errorMessage(error);
    return { value: undefined, problems: [l10n.t('It is not valid JSON: {0}', detail)] };
  }
}
