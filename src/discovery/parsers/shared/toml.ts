import { parse } from 'smol-toml';
import type { Translator } from '../../../core/common.js';
import type { ReadResult } from './json.js';
import { sizeProblem } from './sourceText.js';
import { errorMessage } from '../../../core/errorMessage.js';

/** Longest line of a hand-written file. */
const maxLineLength = 10_000;

/** Parses TOML. Never throws. */
export function parseTomlFile(text: string, l10n: Translator): ReadResult {
  const problem = sizeProblem(text, l10n) ?? lineProblem(text, l10n);
  if (problem !== undefined) return { problem };
  try {
    return { value: parse(text.replace(/^\uFEFF/u, '')) };
  } catch (error) {
    const [detail = ''] = errorMessage(error).split('\n');
    return { problem: l10n.t('It is not valid TOML: {0}', detail.slice(0, 200)) };
  }
}

/** Rejects long lines: the time of the parser is quadratic in the number of parts of a key. */
function lineProblem(text: string, l10n: Translator): string | undefined {
  const isLong = text.split('\n').some(({ length }) => length > maxLineLength);
  return isLong ? l10n.t('It has a line of more than {0} characters.', maxLineLength) : undefined;
}
