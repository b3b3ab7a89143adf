import { splitCommands } from '../../../core/commandLine/parse.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, baseName, folderOf, joinPath, resolvedPath } from '../../files/relativePath.js';
import { commandName } from '../../scripts/classifyTool.js';
import { unwrapped } from '../../scripts/unwrapLauncher.js';

/** Programs that run a source file of JavaScript or TypeScript. */
const interpreter = /^(?:node|nodemon|tsx|ts-node|ts-node-dev|tsnd|bun|vite-node|babel-node)$/u;

/** Options without a value: the next argument may be the file. */
const flag =
  /^(?!nodemon --watch)[\w-]+ --(?:watch|hot|inspect|inspect-brk|enable-source-maps|transpile-only|files|esm|respawn|no-warnings|experimental-[\w-]+)$/u;

/** Path of a source file. Anything else may be a folder, a pattern or a variable. */
const sourcePath = /^(?:\.{1,2}\/)*[\w@][\w@./-]*\.(?:[cm]?[jt]s|tsx)$/u;

/** Folders of files that a build makes, or a package manager. */
const builtFolder = /(?:^|\/)(?:\.[\w-]+|build|bundle|compiled|dist|lib|node_modules|out|output)\//u;

/** Returns whether a script of a package runs a source file that does not exist. */
export function runsMissingSource(line: string, folder: string, facts: FolderFacts): boolean {
  // A file in another folder is not resolved.
  if (/\bcd\b|\bpushd\b|--cwd|--prefix|(?:^| )-C /u.test(line)) return false;
  const file = fileOf(splitCommands(line).at(-1) ?? []);
  const path = file === undefined || builtFolder.test(file) ? undefined : resolvedPath(folder, file);
  return path !== undefined && isMissing(path, folder, facts);
}

/** Returns the source file that a command runs. */
function fileOf(words: readonly string[]): string | undefined {
  const [program = '', ...args] = unwrapped(words);
  const name = commandName(program);
  if (!interpreter.test(name)) return undefined;
  const index = args.findIndex((arg) => !arg.startsWith('-') && arg !== 'run' && arg !== 'watch');
  const file = args[index] ?? '';
  return sourcePath.test(file) && !takesValue(name, args[index - 1]) ? file : undefined;
}

/** Returns whether the argument after another one may be its value. */
function takesValue(program: string, option = ''): boolean {
  return option.startsWith('-') && !option.includes('=') && !flag.test(`${program} ${option}`);
}

/**
 * Returns whether a file is missing that no build makes. JavaScript may be compiled from a file with the same name, or
 * into a folder that does not exist yet, or git ignores it.
 */
function isMissing(path: string, folder: string, facts: FolderFacts): boolean {
  const names = facts.names(folderOf(path));
  const name = baseName(path);
  if (names.has(name) || isIgnored(path, folder, facts)) return false;
  if (!name.endsWith('js')) return true;
  const stem = name.replace(/\.\w+$/u, '');
  return names.size > 0 && ![...names].some((other) => other.startsWith(`${stem}.`));
}

/** Returns whether git may ignore a file, by a rule that names it, its kind or one of its folders. */
function isIgnored(path: string, folder: string, facts: FolderFacts): boolean {
  const parts = new Set([...path.split('/'), `*${/\.\w+$/u.exec(path)?.[0] ?? ''}`]);
  return ancestorFolders(folder).some((above) => {
    const rules = facts.text(joinPath(above, '.gitignore')) ?? '';
    return rules.split('\n').some((rule) => parts.has(baseName(rule.trim().replace(/\/\*{0,2}$/u, ''))));
  });
}
