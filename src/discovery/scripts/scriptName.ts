import { maxNameLength } from '../files/limits.js';
import type { Translator } from '../../core/common.js';

/**
 * Returns why a script cannot be run by its name; `undefined` if it can. The name is one argument and never reaches a
 * shell, but package managers interpret some names: a leading dash as an option (npm and pnpm support `--`, `deno task`
 * has no remedy), a leading dot or slash as a file (`bun run`) or a hidden script (`pnpm run`), `*` as a pattern (`deno
 * task`).
 */
export function scriptNameProblem(name: string, l10n: Translator): string | undefined {
  if (name.startsWith('-')) return l10n.t('it starts with a dash, so it would be read as an option');
  if (/^[./]/u.test(name)) return l10n.t('it starts with a dot or a slash, so it would be read as a file');
  if (name.includes('*')) return l10n.t('it contains an asterisk, so it would be read as a pattern');
  if (/\p{Cc}/u.test(name)) return l10n.t('it contains a control character');
  // The program would receive another character instead.
  if (/\p{Cs}/u.test(name)) return l10n.t('it contains an incomplete character');
  if (name.length > maxNameLength) return l10n.t('it is longer than {0} characters', maxNameLength);
  return undefined;
}
