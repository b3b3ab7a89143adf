import type { Findings, FoundServer } from '../../files/fileParser.js';
import type { Translator } from '../../../core/common.js';
import { maxEntries } from '../../files/limits.js';

/** Maximum number of servers in one file. Files with more are generated, and would make the tree useless. */
export const maxFindingsPerFile = 50;

const maxArgumentLength = 200;

/** The result for a file without servers or problems. */
export const noFindings: Findings = { servers: [], problems: [] };

/** Returns findings of one server without problems. */
export function singleServer(server: FoundServer): Findings {
  return { servers: [server], problems: [] };
}

/** Returns the findings of a file that cannot be parsed. */
export function unreadableFile(problem: string): Findings {
  return { servers: [], problems: [problem] };
}

/** Returns a problem if a list has more entries than are read. */
export function excessProblem({ length }: readonly unknown[], l10n: Translator): string[] {
  return length <= maxEntries
    ? []
    : [l10n.t('It has {0} entries; only the first {1} are read.', length, maxEntries)];
}

/** Returns why a text from a file cannot be passed to a program as an argument; `undefined` if it can. */
export function argumentProblem(argument: string, l10n: Translator): string | undefined {
  if (argument.trim() === '') return l10n.t('it is empty');
  if (argument.startsWith('-')) return l10n.t('it starts with a dash, so it would be read as an option');
  if (/\p{Cc}/u.test(argument)) return l10n.t('it contains a control character');
  if (/\p{Cs}/u.test(argument)) return l10n.t('it contains an incomplete character');
  if (argument.length > maxArgumentLength)
    return l10n.t('it is longer than {0} characters', maxArgumentLength);
  return undefined;
}
