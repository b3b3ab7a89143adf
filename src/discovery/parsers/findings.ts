import type { Findings, FoundServer } from '../files/fileParser.js';
import { isObject } from '../files/isObject.js';
import type { Translator } from '../../core/common.js';

/** Servers of one file beyond these are generated, and the tree would be of no use. */
export const maxFindingsPerFile = 50;

const maxWordLength = 200;

/** A longer file is not written by people: of settings it is not read, and source is searched so far. Characters. */
const maxTextLength = 256 * 1024;

/** Longer lines are not written by people, and are not searched. */
const maxLineLength = 1000;

/** Nothing to tell of. */
export const noFindings: Findings = { servers: [], problems: [] };

/** One server and nothing to complain about. */
export function singleServer(server: FoundServer): Findings {
  return { servers: [server], problems: [] };
}

/** A file that cannot be understood. */
export function unreadable(problem: string): Findings {
  return { servers: [], problems: [problem] };
}

/** Why a word from a file cannot be handed to a program as it stands, or `undefined` when it can. */
export function wordProblem(word: string, l10n: Translator): string | undefined {
  if (word.trim() === '') return l10n.t('it is empty');
  if (word.startsWith('-')) return l10n.t('it begins with a dash, so it would be read as an option');
  if (/\p{Cc}/u.test(word)) return l10n.t('it contains a control character');
  if (word.length > maxWordLength) return l10n.t('it is longer than {0} characters', maxWordLength);
  return undefined;
}

/** A text from a file as a problem shows it: what is invisible stays visible, and it is short. */
export function quoted(text: string): string {
  const json = JSON.stringify(text);
  return json.length <= 80 ? json : `${json.slice(0, 79)}…`;
}

/** Why a text is not taken apart, or `undefined` when it may be. */
export function sizeProblem({ length }: string, l10n: Translator): string | undefined {
  return length <= maxTextLength ? undefined : l10n.t('It is larger than {0} KiB.', maxTextLength / 1024);
}

/** The lines of a source file without those that only a program would write. */
export function linesOf(text: string): string[] {
  return text
    .slice(0, maxTextLength)
    .split(/\r\n|\n|\r/u)
    .filter(({ length }) => length <= maxLineLength);
}

/** What a value is called with its own keys, so that no key of a file reaches what JavaScript keeps for itself. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** The value of an own key; `undefined` when there is none, or the value is no object. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
