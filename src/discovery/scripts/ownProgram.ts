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

/** Packages that make a program listen. */
const serverPackages: ReadonlySet<string> = new Set(
  [
    '@apollo/server @fastify/static @hapi/hapi @hono/node-server @nestjs/core @trpc/server browser-sync connect express',
    'fastify finalhandler get-port graphql-yoga h3 hono http-proxy http-server koa listhen next nitro nitropack nuxt polka',
    'http-proxy-middleware restify serve-handler sirv socket.io vite webpack-dev-server ws',
  ].flatMap((line) => line.split(' ')),
);

/** Usual source file of a command-line program. */
const usualSource = /^(?:src\/|bin\/)?cli(?:\/index)?\.[cm]?[jt]sx?$/u;

/** Programs that run a source file. */
const interpreter = /^(?:node|tsx|ts-node|bun)$/u;

/**
 * Returns the files of a package that are command-line programs, relative to the package; none if the package may
 * listen.
 */
export function ownPrograms(manifest: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const { bin, dependencies } = manifest;
  const packages = isObject(dependencies) ? Object.keys(dependencies) : [];
  const isCommandLine = packages.some((name) => argumentPackages.has(name));
  if (!isCommandLine || packages.some((name) => serverPackages.has(name))) return new Set();
  const files = (isObject(bin) ? Object.values(bin) : [bin]).filter((file) => typeof file === 'string');
  // Node runs the main file of the folder.
  return new Set(files.length === 0 ? [] : [...files.map(plainPath), '.']);
}

/**
 * Returns whether a script only tries out a program of its own package, perhaps after a build, and passes no argument
 * that indicates a server.
 */
export function triesOutProgram(line: string, programs: ReadonlySet<string>): boolean {
  if (programs.size === 0) return false;
  const commands = splitCommands(line);
  const [file = '', ...args] = programIn(commands.at(-1) ?? []);
  return (
    (programs.has(file) || usualSource.test(file)) &&
    commands.slice(0, -1).every((each) => each.some((word) => classifyName(word) === 'other')) &&
    !args.some((arg) => classifyName(arg) === 'server')
  );
}

/** Returns the path of the program of a command, and its arguments. */
function programIn(words: readonly string[]): string[] {
  const launched = unwrapLauncher(words);
  const [first = '', ...args] = launched?.kind === 'words' ? launched.words : words;
  const [file = '', ...rest] = interpreter.test(first)
    ? args.filter((arg) => !arg.startsWith('-'))
    : [first, ...args];
  return [plainPath(file), ...rest];
}

function plainPath(path: string): string {
  return path.replace(/^\.\//u, '');
}
