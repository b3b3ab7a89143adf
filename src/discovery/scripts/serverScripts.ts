import type { CommandClassifier } from './classifyCommand.js';
import { classifyFirstWord, classifyName, splitName } from './nameWords.js';
import { isWorkerName } from './jobWorkers.js';
import { isStoreName } from './stores.js';

/** Order in which a package's scripts are listed; all others follow in the order of the file. */
const rankedNames: readonly string[] = ['dev', 'start', 'serve', 'develop', 'preview'];

/**
 * Returns whether a script starts a development server, by its command, or by its name if the command is unknown. Hooks
 * that npm runs before or after another script do not count.
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
      // The server may run only to generate a file from it: `generate-schema`.
      return !generates(name);
    case 'likely':
      return named !== 'other' && !isStoreName(name) && (named === 'server' || !isWorkerName(name));
    case 'other':
      return false;
    case 'unknown':
    case undefined:
      // A program for the command line is developed under the same names.
      return named === 'server' && isOfServer(name) && !repeatsBuild(name);
  }
}

/** Returns whether a name with a word such as `dev` is not about a program for the command line, or a database. */
function isOfServer(name: string): boolean {
  return !splitName(name).includes('cli') && !isAboutServer.test(name) && !isStoreName(name);
}

/** Returns whether a name says that something is built or copied again after a change: `dev:watch-dist`. */
function repeatsBuild(name: string): boolean {
  const last = name.split(/[:/]/u).at(-1) ?? '';
  return splitName(last)[0] === 'watch' && classifyName(last) !== 'server';
}

/** Names of scripts that do something with the server of the project: `server:console`. */
const isAboutServer = /^server:(?![^\n]*\b(?:dev|develop|run|serve|start|watch)\b)/u;

function generates(name: string): boolean {
  return (
    /^(?:generate|gen|codegen|export)(?![a-z])/u.test(name) && !/\b(?:dev|serve|start|watch)\b/u.test(name)
  );
}

/** Returns the sort rank of a script, the most usual names first. */
export function scriptRank(name: string): number {
  const rank = rankedNames.indexOf(name);
  return rank === -1 ? rankedNames.length : rank;
}

/**
 * Returns whether a script is a hook: `prestart:web` is one even without `start:web`; `preview` and `poster:dev` are
 * not.
 */
function isHook(name: string, siblings: ReadonlySet<string>): boolean {
  const target = /^(?:pre|post)(?<target>.+)$/su.exec(name)?.groups?.['target'];
  if (target === undefined || classifyFirstWord(name) === 'server') return false;
  return siblings.has(target) || classifyFirstWord(target) !== 'unknown';
}
