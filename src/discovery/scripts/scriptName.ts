import { maxNameLength } from '../files/limits.js';
import type { Translator } from '../../core/common.js';

/**
 * Why a script cannot be run under its name, or `undefined` when it can. The name is one word of the command line and
 * never meets a shell, but the package managers read some names as something else: a leading dash as an option (npm and
 * pnpm offer `--` against that, `deno task` has nothing), a leading dot or slash as a file (`bun run`) or a hidden script
 * (`pnpm run`), `*` as a pattern (`deno task`).
 */
export function scriptNameProblem(name: string, l10n: Translator): string | undefined {
  if (name.startsWith('-')) return l10n.t('it begins with a dash, so it would be read as an option');
  if (/^[./]/u.test(name)) return l10n.t('it begins with a dot or a slash, so it would be read as a file');
  if (name.includes('*')) return l10n.t('it contains a star, so it would be read as a pattern');
  if (/\p{Cc}/u.test(name)) return l10n.t('it contains a control character');
  if (name.length > maxNameLength) return l10n.t('it is longer than {0} characters', maxNameLength);
  return undefined;
}
