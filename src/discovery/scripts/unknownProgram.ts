import type { Classification } from './classification.js';
import { classifyName, splitName } from './nameWords.js';
import { classifyLikely } from './taskRunners.js';

/** Commands and options that indicate a server. Nothing else is known of a program of the project. */
const servingCommands: ReadonlySet<string> = new Set('serve server runserver webserver devserver'.split(' '));
const startingCommands: ReadonlySet<string> = new Set('run start dev develop web api'.split(' '));
const servingOption = /^--(?:reload|debugger|bind|listen|port|host)(?:=|$)/u;

/** Returns whether a tool watches files without any command, as compilers do: `tshy --watch`. */
function isCompiler(path: string, [first = '', ...others]: readonly string[]): boolean {
  const watches = [first, ...others].some((arg) => /^(?:--watch|-w)$/u.test(arg));
  return watches && first.startsWith('-') && !path.includes('/') && classifyName(path) === 'unknown';
}

/** Classifies a program that no table contains, by its file name and its arguments: `shop run --reload`. */
export function classifyUnknown(path: string, args: readonly string[]): Classification {
  const byPath = classifyPath(path);
  if (byPath !== 'unknown') return byPath;
  if (isCompiler(path, args)) return 'other';
  const words = commandWords(args);
  const serves =
    words.some((word) => servingCommands.has(word)) ||
    (words.some((word) => startingCommands.has(word)) && args.some((arg) => servingOption.test(arg)));
  return serves && !args.slice(1).some((arg) => classifyName(arg) === 'other') ? 'likely' : 'unknown';
}

/**
 * Returns the words that may be the command of an unknown program: its first word, and the next one if the first may be
 * the value of an option, as in `shop -c shop.cfg run`.
 */
export function commandWords(args: readonly string[]): string[] {
  const first = args.findIndex((arg) => !arg.startsWith('-'));
  if (first === -1) return [];
  const isValue = /^--?[^=]+$/u.test(args[first - 1] ?? '');
  return args.slice(first, isValue ? first + 2 : first + 1);
}

/** Classifies a program of the project by its file name, e.g. `./scripts/build.sh` or `bin/dev`. */
function classifyPath(path: string): Classification {
  if (!path.includes('/')) return 'unknown';
  const file = path.slice(path.lastIndexOf('/') + 1);
  return splitName(file).length === 0 ? 'unknown' : classifyLikely(file.replace(/\.\w+$/u, ''));
}
