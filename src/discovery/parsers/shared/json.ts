import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { sizeProblem } from './sourceText.js';
import type { Translator } from '../../../core/common.js';

/** Parsed value of a file, or the reason why it cannot be parsed. */
export type ReadResult = { readonly value: unknown } | { readonly problem: string };

/** Parses JSON as language tools do: with comments, trailing commas and a byte order mark. Never throws. */
export function parseJsonFile(text: string, l10n: Translator): ReadResult {
  const problem = sizeProblem(text, l10n);
  if (problem !== undefined) return { problem };
  const errors: ParseError[] = [];
  try {
    const value: unknown = parse(text.replace(/^\uFEFF/u, ''), errors, { allowTrailingComma: true });
    const [error] = errors;
    if (!error) return { value };
    const detail = `${printParseErrorCode(error.error)} (${error.offset})`;
    return { problem: l10n.t('It is not valid JSON: {0}', detail) };
  } catch (error) {
    // The parser recurses, so deep nesting overflows the stack.
    return { problem: l10n.t('It is not valid JSON: {0}', String(error)) };
  }
}
