import type { PackageScript, ServerDefinition } from '../../core/server/definition.js';
import { lineOf, splitCommands } from '../../core/commandLine/parse.js';
import type { ServerTraits } from '../files/fileParser.js';
import { baseName, folderOf } from '../files/relativePath.js';
import type { Paths } from '../files/workspaceFiles.js';
import { CommandClassifier } from '../scripts/classifyCommand.js';
import { commandName } from '../scripts/classifyTool.js';
import { isPackageManager, packageRun } from '../scripts/packageRun.js';
import { startsSeveral } from '../scripts/startsSeveral.js';
import { isSourceFile } from '../scripts/sourceFile.js';
import { unwrapLauncher } from '../scripts/unwrapLauncher.js';
import { keyOfFolder, runsInFolder } from './folderKeys.js';
import { folderOfKey, interpreter, keyOf, runOfKey, subjectOf } from './runSubject.js';

/** Maximum number of nested launchers. */
const maxDepth = 8;

/** Options with which an interpreter runs one of its own modules, or its own server. */
const ownServer = /^-(?:m|S|run)/u;

const wrappers: ReadonlyMap<string, string> = new Map([
  ['mvnw', 'mvn'],
  ['gradlew', 'gradle'],
  // Both names stand for the same program.
  ['mint', 'mintlify'],
]);

/** Short names of commands. */
const shortCommands: ReadonlyMap<string, string> = new Map([
  ['rails s', 'server'],
  ['cargo r', 'run'],
  ['hugo serve', 'server'],
  ['jekyll s', 'serve'],
  ['jekyll server', 'serve'],
]);

const classifier = new CommandClassifier(new Map());

/**
 * Returns keys of what a server runs, and where, in forms that are the same for all ways to start it; `undefined` if it
 * runs several programs. Servers with a common key are the same.
 */
export function runKeys(
  { command, cwd, script, source, name }: ServerDefinition,
  { runs, packageName, packageFolder, entries = [], apps = [] }: ServerTraits,
  paths: Paths,
): string[] {
  const own = command.kind === 'argv' ? [[command.file, ...command.args]] : splitCommands(command.line);
  const scriptKey = source === 'scripts' ? [keyOf(`script ${name}`, cwd)] : [];
  if (source === 'scripts' && packageName !== undefined)
    scriptKey.push(keyOf(`script ${name}`, packagePlace(packageName)));
  const lines = [own, splitCommands(script?.body ?? singleLine(runs)), ...hiddenScript(script)];
  const found = lines.flatMap((commands) => singleRun(commands, cwd, paths) ?? []);
  const entryKey = entries.map((entry) => fileKey(entry, [], cwd, paths));
  const appKeys = apps.map((app) => keyOf(`app ${app}`, cwd));
  const inPackage = packageKeys(packageFolder, cwd, paths);
  const programs = found.map(keyOfProgram).filter((key) => key !== undefined);
  return [...new Set([...scriptKey, ...found, ...programs, ...entryKey, ...appKeys, ...inPackage])];
}

/** Returns the commands of the script with a name such as `_serve`, which is not listed, that a script only runs. */
function hiddenScript(script: PackageScript | undefined): string[][][] {
  const [, name] = /^(?:npm|pnpm|yarn|bun) run (_[\w:.-]+)$/u.exec(script?.body ?? '') ?? [];
  const line = script?.others?.find(([other]) => other === name)?.[1];
  return line === undefined ? [] : [splitCommands(line)];
}

/** Returns what a target runs, if that may be a single program. */
function singleLine(runs = ''): string {
  return startsSeveral(runs) ? '' : runs;
}

/** A program of Cargo or Go with a subcommand that serves, perhaps with a settings file. */
const servingProgram =
  /^(?:(cargo run\b.*) (?:serve|server|start)|(go run \S+) (?:serve|server|start)(?: [\w./-]+\.(?:ya?ml|toml|json|conf|ini|env))?)$/u;

/** Returns the key of such a program without its subcommand, which another description may lack. */
function keyOfProgram(key: string): string | undefined {
  const [, ofCargo, ofGo] = servingProgram.exec(runOfKey(key)) ?? [];
  const run = ofCargo ?? ofGo;
  return run === undefined ? undefined : keyOf(run, folderOfKey(key));
}

/** Returns the key of the program of a package of Cargo in the folder of that package. */
function packageKeys(folder: string | undefined, cwd: string, paths: Paths): string[] {
  return folder === undefined ? [] : [keyOf('cargo run', paths.resolve(cwd, folder))];
}

/** Returns the key of the only command that may serve; commands before it prepare the work. */
function singleRun(commands: readonly (readonly string[])[], cwd: string, paths: Paths): string | undefined {
  let folder = cwd;
  const serving: (readonly string[])[] = [];
  for (const words of commands) {
    if (words[0] === 'cd') folder = paths.resolve(folder, words[1] ?? '.');
    else if (/^(?:fi|done)$/u.test(words[0] ?? '')) continue;
    else if (commands.length === 1 || classifier.classifyLine(lineOf(words)) !== 'other') serving.push(words);
  }
  const remaining = withoutPreparation(serving);
  // Branches may run one program in several ways.
  const keys = new Set(remaining.map((words) => runKey(withoutKeyword(words), folder, paths, 0)));
  return keys.size === 1 ? [...keys][0] : undefined;
}

/** Returns the command in a branch: `else npm start`. */
function withoutKeyword(words: readonly string[]): readonly string[] {
  return /^(?:then|else|do)$/u.test(words[0] ?? '') ? words.slice(1) : words;
}

/** A call of a target, which another one needs. */
const callsTarget = /^(?:(?:make|hatch)\b|(?:just|task|mise run) [\w:.-]+$)/u;

/** The last line of a task: a script of a package, or a target with a usual name for servers. */
const lastOfTask = /^(?:(?:npm|pnpm|yarn|bun) |(?:just|task|mise run) (?:dev|run|serve|start)$)/u;

/** Omits the prerequisites that a task runner runs before the only command that serves. */
function withoutPreparation(commands: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const last = commands.at(-1);
  const before = commands.slice(0, -1).map((words) => words.join(' '));
  if (last === undefined || !before.every((line) => callsTarget.test(line))) return commands;
  const line = lineOf(last);
  // A prerequisite of `make` often builds what the script needs, so that target stays a server of its own.
  const isTask = lastOfTask.test(line) && !before.some((each) => each.startsWith('make'));
  return isTask || classifier.classifyLine(line) === 'server' ? [last] : commands;
}

function runKey(words: readonly string[], cwd: string, paths: Paths, depth: number): string | undefined {
  if (depth > maxDepth || words.length === 0) return undefined;
  const launched = unwrapLauncher(words);
  if (launched)
    return launched.kind === 'words'
      ? runKey(launched.words, cwd, paths, depth + 1)
      : singleRun(splitCommands(launched.line), cwd, paths);
  const [first = '', ...args] = words;
  const program = commandName(first);
  // `iex -S mix phx.server` is the same server, with a prompt.
  if (program === 'iex' && args.includes('-S'))
    return runKey(args.slice(args.indexOf('-S') + 1), cwd, paths, depth + 1);
  const watched = watchedCommand(program, args);
  if (watched !== undefined) return singleRun(splitCommands(watched), cwd, paths);
  return isPackageManager(program)
    ? packageKey(program, args, cwd, paths)
    : programKey(first, args, cwd, paths);
}

/** Returns the line that a tool runs again whenever a file changes: `nodemon --exec go run .` */
function watchedCommand(program: string, args: readonly string[]): string | undefined {
  if (program !== 'nodemon') return undefined;
  const option = args.findIndex((arg) => arg === '-x' || arg === '--exec');
  const words = args.slice(option + 1);
  if (option === -1 || words.length === 0) return undefined;
  return words.length === 1 ? words[0] : lineOf(words);
}

function programKey(first: string, args: readonly string[], cwd: string, paths: Paths): string | undefined {
  const program = commandName(first);
  if (readsInput(program, args)) return undefined;
  if (program === 'docker-compose') return toolKey('docker', ['compose', ...args], cwd);
  const folderKey = keyOfFolder(program, args, cwd, paths);
  if (folderKey !== undefined) return folderKey;
  // `python api/manage.py`, `api/manage.py` and `./manage.py` in `api` run the same file.
  const [file = '', ...rest] = interpreter.test(program) ? subjectOf(program, args) : [first, ...args];
  if (isSourceFile(file)) return fileKey(file, rest, cwd, paths);
  if (program === 'python' && file.includes('/bin/')) return toolKey(commandName(file), rest, cwd);
  return toolKey(wrappers.get(program) ?? program, args, cwd);
}

/** Returns whether an interpreter runs neither a file nor a part of its own. */
function readsInput(program: string, args: readonly string[]): boolean {
  return (
    (interpreter.test(program) || /^(?:php|perl)$/u.test(program)) &&
    subjectOf(program, args).length === 0 &&
    !args.some((arg) => ownServer.test(arg))
  );
}

function fileKey(file: string, args: readonly string[], cwd: string, paths: Paths): string {
  return toolKey(baseName(file), args, paths.resolve(cwd, folderOf(file)));
}

/** Returns the key of a script of a package, or of a program that its package manager runs. */
function packageKey(program: string, args: readonly string[], cwd: string, paths: Paths): string | undefined {
  const run = packageRun(program, args);
  if (!run) return undefined;
  const { script, packageName, packagePath } = run;
  if (packageName !== undefined) return toolKey(`script ${script}`, run.args, packagePlace(packageName));
  if (packagePath !== undefined)
    return toolKey(`script ${script}`, run.args, paths.resolve(cwd, packagePath));
  return run.isOtherPackage ? undefined : toolKey(`script ${script}`, run.args, cwd);
}

/** Returns a placeholder for the folder of a package if only the name of the package is known. */
export function packagePlace(name: string): string {
  return `package ${name}`;
}

function toolKey(tool: string, args: readonly string[], cwd: string): string {
  const [command, ...others] = subjectOf(tool, args);
  const named = shortCommands.get(`${tool} ${command ?? ''}`) ?? command;
  // `cargo run -p shop --bin shop` names the program twice.
  const subject = tool === 'cargo' ? [...new Set(others)] : others;
  return keyOf([tool, ...(named === undefined ? [] : [named]), ...subject].join(' '), cwd);
}

/** Returns whether a key identifies a script by its name, and not by what it runs. */
export function isScriptKey(key: string): boolean {
  return key.startsWith('script ');
}

/** Returns whether a line may run its program in another folder than its own. */
export function mayRunElsewhere(line: string): boolean {
  return /\bcd\b|--prefix|-C|--dir|--cwd/u.test(line) || runsInFolder(line);
}
