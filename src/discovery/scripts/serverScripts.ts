import type { CommandClassifier } from './classifyCommand.js';
import { classifyFirstWord, classifyName } from './nameWords.js';

/** Order in which a package's scripts are listed; all others follow as they are written. */
const rankedNames: readonly string[] = ['dev', 'start', 'serve', 'develop', 'preview'];

/**
 * Whether a script starts a development server: its command says so, or its name where the command is not known. The
 * hooks that npm runs before or after another script are none.
 */
export function isServerScript(
  name: string,
  siblings: ReadonlySet<string>,
  classifier: CommandClassifier,
): boolean {
  if (isHook(name, siblings)) return false;
  const named = classifyName(name);
  switch (classifier.classifyScript(name)) {
    case 'server':
      return true;
    case 'likely':
      return named !== 'other';
    case 'other':
      return false;
    case 'unknown':
    case undefined:
      return named === 'server';
  }
}

/** Sorts after the rank of the best known names. */
export function scriptRank(name: string): number {
  const rank = rankedNames.indexOf(name);
  return rank === -1 ? rankedNames.length : rank;
}

/** `prestart:web` is one even where `start:web` is missing; `preview` and `postgres:dev` are not. */
function isHook(name: string, siblings: ReadonlySet<string>): boolean {
  const target = /^(?:pre|post)(?<target>.+)$/su.exec(name)?.groups?.['target'];
  if (target === undefined || classifyFirstWord(name) === 'server') return false;
  return siblings.has(target) || classifyFirstWord(target) !== 'unknown';
}
