import { splitCommands } from '../../../core/commandLine/parse.js';
import { isStoreName } from '../../scripts/stores.js';

/** A program call in a line of a guide. */
export interface GuideCall {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** Variables that the line sets for it. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders that the line changes into before, in order. */
  readonly path: readonly string[];
}

/** Syntax that only a shell understands, and placeholders for the reader. */
const needsShell = /[|<>`$(){}[\]*?!]|\.\.\.|\u2026|(?<=^|\s)~/u;
const placeholder = /(?:^|[=/_-])(?:your|my|xxx+|changeme|path\/to|example)(?:[_/-]|$)/iu;

/**
 * Returns the last program call of a line; those before it are preparation. `undefined` for a line that needs a shell
 * or values of the reader, and for one that only starts a database.
 */
export function guideCall(line: string): GuideCall | undefined {
  if (needsShell.test(line)) return undefined;
  const commands = splitCommands(line);
  const last = commands.at(-1) ?? [];
  const first = last.findIndex((word) => !/^[A-Za-z_]\w*=/u.test(word));
  if (first === -1 || last.some(isUnusable) || preparesShell(last.slice(first))) return undefined;
  const path = commands.filter(([program]) => program === 'cd').map(([, folder = '']) => folder);
  const env = Object.fromEntries(last.slice(0, first).map(assignment));
  return { env, ...inFolderOfProject(asRun(last.slice(first)), path) };
}

function isUnusable(word: string): boolean {
  return placeholder.test(word) || isStoreName(word);
}

/** Returns whether a file of the project only prepares a shell: `scripts/dev-env.sh`, `./manage dev.env`. */
function preparesShell([program = '', argument = '']: readonly string[]): boolean {
  return program.includes('/') && [program, argument].some((word) => /[a-z][.:_-]env(?:\.sh)?$/u.test(word));
}

function assignment(word: string): readonly [name: string, value: string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

/** Replaces the commands of Vite+, which runs scripts with the package manager of the project. */
function asRun(words: readonly string[]): readonly string[] {
  return words[0] === 'vp' && words[1] === 'run' ? ['npm', ...words.slice(1)] : words;
}

/**
 * Moves a call of `dotnet run --project` into the folder of that project, where the parser of .NET runs it as well.
 */
function inFolderOfProject(
  words: readonly string[],
  path: readonly string[],
): Pick<GuideCall, 'words' | 'path'> {
  const option = words[0] === 'dotnet' ? words.findIndex((word) => /^(?:--project|-p)$/u.test(word)) : -1;
  if (option === -1) return { words, path };
  const project = (words[option + 1] ?? '.').replace(/(?<=^|\/)[^/]*\.\w{1,9}proj$/u, '');
  return { words: words.toSpliced(option, 2), path: [...path, project] };
}
