import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { Translator } from '../../core/common.js';

/** What a JSON file with comments says, as far as it can be understood, and what is wrong with it. */
export interface JsonWithComments {
  readonly value: unknown;
  readonly problems: readonly string[];
}

/** Reads JSON as the editor reads its own files: with comments and trailing commas, and past mistakes. */
export function parseJsonc(text: string, l10n: Translator): JsonWithComments {
  const errors: ParseError[] = [];
  try {
    const value: unknown = parse(text, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (!first) return { value, problems: [] };
    const line = text.slice(0, first.offset).split('\n').length;
    return {
      value,
      problems: [l10n.t('It is not valid JSON: {0} in line {1}', printParseErrorCode(first.error), line)],
    };
  } catch (error) {
    // Nested deeper than the stack is.
    const detail = error instanceof Error ? error.message : String(error);
    return { value: undefined, problems: [l10n.t('It is not valid JSON: {0}', detail)] };
  }
}
