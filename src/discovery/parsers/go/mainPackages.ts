import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { splitName } from '../../scripts/nameWords.js';
import { followedSources, packageSources } from './goSources.js';
import { isListeningLine, isServerLine, type GoModule } from './goModule.js';

/** Folders of a module, besides `cmd`, whose main package is the server of the project. */
const serverFolders: readonly string[] = 'api app backend http server service src web webserver'.split(' ');

/** Folders whose folders are programs. */
const programFolders: readonly string[] = ['cmd', 'services', 'svc'];

/** Words in the names of packages that serve. */
const servingWords: ReadonlySet<string> = new Set(
  'api app apiserver backend daemon gateway http httpd proxy server serve service web webserver'.split(' '),
);

/** Words in the names of programs that use the packages of a server for other work. */
const toolWords: ReadonlySet<string> = new Set(
  'bench benchmark cli client codegen controller ctl gen generate generator lint migrate migrations scripts seed tool tools'.split(
    ' ',
  ),
);

/** An option that makes a command-line program serve. */
const servingOption = /`[^`]{0,200}\blong:"serve"|\bflag\.Bool(?:Var)?\([^)]{0,100}"serve"/u;

/**
 * The library of programs that control resources of Kubernetes, and the call that starts such a program. It listens
 * only to report its state.
 */
const controllerLibrary = /"sigs\.k8s\.io\/controller-runtime(?:\/pkg\/manager)?"/u;
const startsController = /\.NewManager\(|\bmanager\.New\(/u;

/** Number of lines that are searched after the start of a command definition. */
const maxCommandLines = 40;

/** A package with `func main`. */
export interface MainPackage {
  /** Its folder, relative to the module. */
  readonly path: string;
  readonly file: string;
  readonly sources: readonly string[];
}

/**
 * Returns the main packages in the usual folders of a module: its top, `cmd`, and folders named for servers. For a
 * library, returns its examples.
 */
export function mainPackages({ folder }: GoModule, facts: FolderFacts): MainPackage[] {
  const top = facts.names(folder);
  const paths = [
    '',
    ...(top.has('cmd') ? ['cmd'] : []),
    ...programFolders.filter((name) => top.has(name)).flatMap((name) => foldersIn(name, folder, facts)),
    ...serverFolders.filter((name) => top.has(name)),
  ];
  const programs = paths
    .filter((path) => !isOtherModule(path, folder, facts))
    .flatMap((path) => mainPackage(folder, path, facts) ?? []);
  return programs.length === 0 ? examplePackages(folder, top, facts) : programs;
}

/** Returns whether a folder belongs to a module inside this one, from whose folder Go cannot run it. */
function isOtherModule(path: string, module: string, facts: FolderFacts): boolean {
  const parts = path === '' ? [] : path.split('/');
  return parts.some((_, index) =>
    facts.names(joinPath(module, parts.slice(0, index + 1).join('/'))).has('go.mod'),
  );
}

/** Maximum number of example folders that are searched. */
const maxExamples = 50;

/** Returns the main packages among the examples of a library, and in the folders inside these. */
function examplePackages(folder: string, top: ReadonlySet<string>, facts: FolderFacts): MainPackage[] {
  const below = (path: string): string[] => foldersIn(path, folder, facts);
  const examples = ['example', 'examples']
    .filter((name) => top.has(name))
    .flatMap(below)
    .slice(0, maxExamples);
  const nested = examples.flatMap(below).slice(0, maxExamples);
  return [...examples, ...nested].flatMap((path) => mainPackage(folder, path, facts) ?? []);
}

function foldersIn(path: string, module: string, facts: FolderFacts): string[] {
  return [...facts.names(joinPath(module, path))]
    .filter((name) => !name.includes('.'))
    .map((name) => `${path}/${name}`);
}

function mainPackage(module: string, path: string, facts: FolderFacts): MainPackage | undefined {
  const sources = packageSources(packageFolder(module, path), facts);
  const main = sources.find(({ lines }) => isMain(lines));
  return main && { path, file: main.name, sources: sources.flatMap(({ lines }) => lines) };
}

/**
 * Returns the arguments that make a program serve; `undefined` for a program that does other work. A program with
 * subcommands needs one that serves. Next to a program at the top of the module, others use its packages as well.
 */
export function servingArguments(
  program: MainPackage,
  module: GoModule,
  packages: readonly MainPackage[],
  facts: FolderFacts,
): readonly string[] | undefined {
  const { sources } = program;
  if (isController(sources)) return undefined;
  const followed = followedSources(sources, module, facts);
  const code = [...sources, ...followed.lines];
  const mayListen = module.hasFramework && packages.length === 1 && followed.isIncomplete;
  if (!mayListen && !listens(program, code, module, packages, facts)) return undefined;
  const args = subcommand(code, module);
  return args.length === 0 && needsSubcommand(sources) ? undefined : args;
}

function isController(sources: readonly string[]): boolean {
  return (
    sources.some((line) => controllerLibrary.test(line)) &&
    sources.some((line) => startsController.test(line))
  );
}

/** Returns whether a program listens. `code` also contains the packages of the module that it uses. */
function listens(
  { path, sources }: MainPackage,
  code: readonly string[],
  module: GoModule,
  packages: readonly MainPackage[],
  facts: FolderFacts,
): boolean {
  if (isToolName(path || module.folder)) return sources.some(isListeningLine);
  if (sources.some(isServerLine)) return true;
  const isMainProgram = packages.length === 1 || isServerName(path, module, facts);
  const isShared = module.hasFramework || packages.some((other) => other.path === '');
  return (isMainProgram || !isShared) && code.some(isServerLine);
}

/**
 * Returns the subcommand that serves, for a program that uses cobra, urfave/cli, go-flags or kingpin. If the program
 * also runs without one, `start` does not count: it may start something else, such as a system service.
 */
function subcommand(code: readonly string[], module: GoModule): readonly string[] {
  // Apps of PocketBase use its command line.
  if (code.some((line) => line.includes('"github.com/pocketbase/pocketbase"'))) return ['serve'];
  if (code.some((line) => servingOption.test(line))) return ['--serve'];
  const isCommandLine = code.some((line) =>
    /"(?:github\.com\/(?:spf13\/cobra|urfave\/cli|(?:jessevdk|umputun)\/go-flags|alecthomas\/kingpin)|gopkg\.in\/alecthomas\/kingpin)/u.test(
      line,
    ),
  );
  if (!isCommandLine) return [];
  const serving = runsAlone(code, module)
    ? /^(?:serve|server|serve-http)$/u
    : /^(?:serve|server|serve-http|http|web|start|run)$/u;
  const name = code.map(commandNameIn).find((each) => serving.test(each ?? ''));
  return name === undefined ? [] : [name];
}

/** Returns whether a program only has subcommands, according to the list of them in its own source files. */
function needsSubcommand(sources: readonly string[]): boolean {
  const hasCommands = sources.some((line) => /^\s*(?:Commands|Subcommands):\s*\[\]/u.test(line));
  return hasCommands && !sources.some((line) => /^\s*(?:RunE?|Action):(?!\s*nil\b)/u.test(line));
}

/**
 * Returns whether the command that is named like the module does something itself, and not only through its
 * subcommands.
 */
function runsAlone(code: readonly string[], module: GoModule): boolean {
  const base = baseOf(module);
  const root = code.findIndex((line) => commandNameIn(line) === base);
  if (root === -1) return false;
  const rest = code.slice(root + 1, root + 1 + maxCommandLines);
  const end = rest.findIndex((line) => commandNameIn(line) !== undefined || line.startsWith('}'));
  return rest.slice(0, end === -1 ? undefined : end).some((line) => /^\s*(?:RunE?|Action):/u.test(line));
}

function commandNameIn(line: string): string | undefined {
  return (
    /^\s*(?:Use|Name):\s*"(\w[\w-]*)/u.exec(line)?.[1] ??
    /`[^`]{0,200}\bcommand:"(\w[\w-]*)"/u.exec(line)?.[1] ??
    // A command of kingpin; `exec.Command` runs another program.
    /\b(?!exec\.)\w+\.Command\("(\w[\w-]*)", "/u.exec(line)?.[1]
  );
}

/**
 * Returns whether a program is at the top of the module or named for a server: `api`, `shopd` in the module `shop`, or
 * `shop` if there is no `shopd`.
 */
function isServerName(path: string, module: GoModule, facts: FolderFacts): boolean {
  if (path === '') return true;
  const base = baseOf(module);
  const name = path.split('/').pop() ?? '';
  const isDaemon = facts.names(joinPath(module.folder, 'cmd')).has(`${base}d`);
  return (
    (name === base && !isDaemon) ||
    name === `${base}d` ||
    splitName(name).some((word) => servingWords.has(word))
  );
}

function isToolName(path: string): boolean {
  return splitName(path.split('/').pop() ?? '').some((word) => toolWords.has(word));
}

/** Returns the last part of the name of a module, without the major version. */
function baseOf({ name }: GoModule): string {
  const parts = name.replace(/\/v\d+$/u, '').split('/');
  return parts.at(-1) ?? '';
}

function isMain(lines: readonly string[]): boolean {
  return (
    lines.some((line) => /^package main\b/u.test(line)) &&
    lines.some((line) => line.startsWith('func main()'))
  );
}

function packageFolder(module: string, path: string): string {
  return path === '' ? module : joinPath(module, path);
}
