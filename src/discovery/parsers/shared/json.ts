import { parse, type ParseError } from 'jsonc-parser';
import { jsonProblem } from '../../files/jsonError.js';
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
    const json = text.replace(/^\uFEFF/u, '');
    const value: unknown = parse(json, errors, { allowTrailingComma: true });
    const [error] = errors;
    return error ? { problem: jsonProblem(json, error, l10n) } : { value };
  } catch (error) {
    // The parser recurses, so deep nesting overflows the stack.
    return { problem: l10n.t('It is not valid JSON: {0}', String(error)) };
  }
}
