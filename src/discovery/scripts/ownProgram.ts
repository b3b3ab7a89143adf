import { splitCommands } from '../../core/commandLine/parse.js';
import { isObject } from '../files/isObject.js';
import { classifyName } from './nameWords.js';
import { unwrapLauncher } from './unwrapLauncher.js';

/** Packages that read the arguments of a command line. */
const argumentPackages: ReadonlySet<string> = new Set(
  '@commander-js/extra-typings @oclif/core arg cac citty clipanion commander gluegun ink meow sade yargs'.split(
    ' ',
  ),
);

/** Packages with which a program listens. */
const serverPackages: ReadonlySet<string> = new Set(
  [
    '@apollo/server @fastify/static @hapi/hapi @hono/node-server @nestjs/core @trpc/server browser-sync connect express',
    'fastify finalhandler get-port graphql-yoga h3 hono http-proxy http-server koa listhen next nitro nitropack nuxt polka',
    'http-proxy-middleware restify serve-handler sirv socket.io vite webpack-dev-server ws',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Returns the files that a package runs as a program for the command line, relative to the package; none for a package
 * that may listen.
 */
export function ownPrograms(manifest: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const { bin, dependencies } = manifest;
  const packages = isObject(dependencies) ? Object.keys(dependencies) : [];
  const isCommandLine = packages.some((name) => argumentPackages.has(name));
  if (!isCommandLine || packages.some((name) => serverPackages.has(name))) return new Set();
  const files = isObject(bin) ? Object.values(bin) : [bin];
  return new Set(files.flatMap((file) => (typeof file === 'string' ? plainPath(file) : [])));
}

/**
 * Returns whether a script only tries a program of its own package, after it has built it perhaps, and gives it no
 * argument that says that it serves.
 */
export function triesProgram(line: string, programs: ReadonlySet<string>): boolean {
  if (programs.size === 0) return false;
  const commands = splitCommands(line);
  const words = commands.at(-1) ?? [];
  const launched = unwrapLauncher(words);
  const run = launched?.kind === 'words' ? launched.words : words;
  const [first = '', ...args] = run;
  const [file = '', ...rest] =
    first === 'node' ? args.filter((arg) => !arg.startsWith('-')) : [first, ...args];
  const isBuilt = commands.slice(0, -1).every((each) => each.some((word) => classifyName(word) === 'other'));
  // Node runs the main file of the folder.
  const isOwn = programs.has(plainPath(file)) || (first === 'node' && /^\.\/?$/u.test(file));
  return isBuilt && isOwn && !rest.some((arg) => classifyName(arg) === 'server');
}

function plainPath(path: string): string {
  return path.replace(/^\.\//u, '');
}
