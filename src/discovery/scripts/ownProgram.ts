import { splitCommands } from '../../core/commandLine/parse.js';
import { isObject } from '../files/isObject.js';
import { classifyName } from './nameWords.js';
import { unwrapLauncher } from './unwrapLauncher.js';

/** Packages that parse command-line arguments. */
const argumentPackages: ReadonlySet<string> = new Set(
  '@commander-js/extra-typings @oclif/core arg cac citty clipanion commander gluegun ink meow sade yargs'.split(
    ' ',
  ),
);

/** Packages that ask questions in the terminal. */
const questionPackages: ReadonlySet<string> = new Set(
  '@clack/prompts @inquirer/prompts enquirer inquirer prompts'.split(' '),
);

/** Usual main files of a program. */
const mainFiles: readonly string[] = ['.', 'index.js', 'index.ts', 'src/index.js', 'src/index.ts'];

/** Packages that make a program listen. */
const serverPackages: ReadonlySet<string> = new Set(
  [
    '@apollo/server @fastify/static @hapi/hapi @hono/node-server @nestjs/core @trpc/server browser-sync connect express',
    'fastify finalhandler get-port graphql-yoga h3 hono http-proxy http-server koa listhen next nitro nitropack nuxt polka',
    'http-proxy-middleware restify serve-handler sirv socket.io srvx vite webpack-dev-server ws',
  ].flatMap((line) => line.split(' ')),
);

/** Usual name of a package that is a tool for the command line. */
const toolName = /(?:^|[-/])(?:tool|cli)$/u;

/** Usual source file of a command-line program. */
const usualSource = /^(?:src\/|bin\/)?cli(?:\/index)?\.[cm]?[jt]sx?$/u;

/** Programs that run a source file. */
const interpreter = /^(?:node|tsx|ts-node|bun)$/u;

/** What a package says about the programs in it. */
export interface OwnPrograms {
  /** Files that are command-line programs, relative to the package. */
  readonly commandLine: ReadonlySet<string>;
  /** Whether none of its packages listens. */
  readonly isQuiet: boolean;
  /** Whether it is published to be imported by other packages, and does not listen. */
  readonly isLibrary: boolean;
  /** Whether it is named for a tool and parses arguments, but declares no program. */
  readonly isTool: boolean;
}

/** Returns the programs of a package, according to its `package.json`. */
export function ownPrograms(manifest: Readonly<Record<string, unknown>>): OwnPrograms {
  const packages = packagesIn(manifest['dependencies']);
  const isQuiet = !packages.some((each) => serverPackages.has(each));
  const parsesArguments = packages.some((each) => argumentPackages.has(each));
  const files = declaredFiles(manifest);
  // Node runs the main file of the folder.
  const ofArguments = isQuiet && parsesArguments && files.length > 0 ? [...files, '.'] : [];
  const asks = isQuiet && packages.some((each) => questionPackages.has(each));
  return {
    commandLine: new Set([...ofArguments, ...(asks ? mainFiles : [])]),
    isQuiet,
    isLibrary: isQuiet && isPublished(manifest) && !developsServer(manifest),
    isTool: parsesArguments && files.length === 0 && toolName.test(String(manifest['name'])),
  };
}

/** Returns the files of the programs that a package installs. */
function declaredFiles({ bin }: Readonly<Record<string, unknown>>): string[] {
  const files = isObject(bin) ? Object.values(bin) : [bin];
  return files.filter((file) => typeof file === 'string').map(plainPath);
}

/** Returns whether a package uses a server for its development. Vite may only build a library. */
function developsServer({ devDependencies }: Readonly<Record<string, unknown>>): boolean {
  return packagesIn(devDependencies).some((name) => name !== 'vite' && serverPackages.has(name));
}

/** Returns the names of dependencies, including those that have another name here: `"router": "npm:h3@2"`. */
function packagesIn(dependencies: unknown): string[] {
  if (!isObject(dependencies)) return [];
  const others = Object.values(dependencies).flatMap(
    (version) => /^npm:(@?[^@]+)/u.exec(String(version))?.[1] ?? [],
  );
  return [...Object.keys(dependencies), ...others];
}

/** Returns whether a package offers built files for other packages, and is not private. */
function isPublished(manifest: Readonly<Record<string, unknown>>): boolean {
  const hasEntry = ['exports', 'module', 'types', 'typings'].some((key) => manifest[key] !== undefined);
  return hasEntry && Array.isArray(manifest['files']) && manifest['private'] !== true;
}

/**
 * Returns whether a script only tries out a program of its own package, perhaps after a build, and passes no argument
 * that indicates a server.
 */
export function triesOutProgram(line: string, { commandLine, isQuiet }: OwnPrograms): boolean {
  if (!isQuiet) return false;
  const commands = splitCommands(line);
  const [file = '', ...args] = programIn(commands.at(-1) ?? []);
  return (
    (commandLine.has(file) || usualSource.test(file)) &&
    commands.slice(0, -1).every((each) => each.some((word) => classifyName(word) === 'other')) &&
    !args.some((arg) => classifyName(arg) === 'server')
  );
}

/** Returns the path of the program of a command, and its arguments. A script of the project may start it. */
function programIn(words: readonly string[]): string[] {
  const launched = unwrapLauncher(words);
  const all = launched?.kind === 'words' ? launched.words : words;
  const start = all.findIndex((word) => interpreter.test(word));
  const isStarted = start === 0 || (start > 0 && all[0]?.startsWith('./') === true);
  const [file = '', ...rest] = isStarted ? all.slice(start + 1).filter((arg) => !arg.startsWith('-')) : all;
  return [plainPath(file), ...rest];
}

function plainPath(path: string): string {
  return path.replace(/^\.\//u, '');
}
