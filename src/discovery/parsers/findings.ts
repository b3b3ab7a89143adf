import type { Findings, FoundServer } from '../files/fileParser.js';
import type { Translator } from '../../core/common.js';

/** Servers of one file beyond these are generated, and the tree would be of no use. */
export const maxFindingsPerFile = 50;

const maxArgumentLength = 200;

/** Nothing to tell of. */
export const noFindings: Findings = { servers: [], problems: [] };

/** One server and nothing to complain about. */
export function singleServer(server: FoundServer): Findings {
  return { servers: [server], problems: [] };
}

/** A file that cannot be understood. */
export function unreadableFile(problem: string): Findings {
  return { servers: [], problems: [problem] };
}

/** Why a word from a file cannot be handed to a program as it stands, or `undefined` when it can. */
export function argumentProblem(argument: string, l10n: Translator): string | undefined {
  if (argument.trim() === '') return l10n.t('it is empty');
  if (argument.startsWith('-')) return l10n.t('it begins with a dash, so it would be read as an option');
  if (/\p{Cc}/u.test(argument)) return l10n.t('it contains a control character');
  if (argument.length > maxArgumentLength)
    return l10n.t('it is longer than {0} characters', maxArgumentLength);
  return undefined;
}
