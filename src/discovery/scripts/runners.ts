import { baseName } from '../files/relativePath.js';
import { splitName } from './nameWords.js';
import { commandName } from './classifyTool.js';
import type { Classification } from './classification.js';

const runners: ReadonlySet<string> = new Set(
  `node nodejs tsx ts-node ts-node-dev tsnd ts-node-esm babel-node bun deno esr esno jiti swc-node vite-node
   python ruby php go cargo dotnet java tsimp esbuild-runner`.split(/\s+/u),
);

/** Options that take a separate value. */
const optionsWithValue: ReadonlySet<string> = new Set(
  '-r --require --import --loader --experimental-loader -P --project -C --conditions --env-file --tsconfig -O -c --config'.split(
    ' ',
  ),
);

const servingWords: ReadonlySet<string> = new Set('server serve devserver dev start runserver'.split(' '));
const otherWorkWords: ReadonlySet<string> = new Set(
  'build bench benchmark check clean codegen copy deploy e2e generate lint migrate migration publish release seed setup spec sync test tests'.split(
    ' ',
  ),
);

/** Classifies interpreters and program runners; `classifyInner` classifies a tool that they run by its file. */
export function classifyRunner(
  program: string,
  args: readonly string[],
  classifyInner: (name: string, args: readonly string[]) => Classification,
): Classification | undefined {
  if (!runners.has(program)) return undefined;
  if (args.some((arg) => /^(?:(?:--)?test|--(?:cpu-|heap-)?prof)$/u.test(arg))) return 'other';
  const fileIndex = args.findIndex((arg, index) => isFileArgument(arg, args[index - 1]));
  const file = args[fileIndex] ?? '';
  const rest = args.slice(fileIndex + 1);
  if (file.includes('node_modules/')) return classifyInner(toolInPath(file), rest);
  if (/(?:^|\/)(?:manage\.py|artisan|ace|console)$/u.test(file)) return classifyInner(file, rest);
  if (program === 'php' && args.includes('-S')) return 'server';
  const subcommand = classifySubcommand(program, args);
  const classification = subcommand ?? classifyFileName(file);
  // A bundler that watches may only build.
  return /esbuild|rollup/u.test(baseName(file))
    ? classification
    : withWatching(program, args, classification);
}

/**
 * Returns `vite` for `node_modules/vite/bin/vite.js` and `node_modules/.bin/vite`; the file inside a package may have
 * any name.
 */
function toolInPath(file: string): string {
  const [first = '', second = ''] = file
    .slice(file.lastIndexOf('node_modules/'))
    .replace('node_modules/', '')
    .split('/');
  if (first === '.bin') return second;
  return commandName(first.startsWith('@') ? `${first}/${second}` : first);
}

function classifySubcommand(program: string, args: readonly string[]): Classification | undefined {
  const [first] = args;
  if (program === 'deno' && first === 'serve') return 'server';
  const isBuild =
    /^(?:build|fmt|lint|check|test|bench|clippy|vet|restore|publish|pack|compile|install|add|i|mod|get|fetch|clean|doc|fix|generate|update)$/u;
  const hasCommands = /^(?:bun|deno|go|cargo|dotnet)$/u.test(program);
  return hasCommands && isBuild.test(first ?? '') ? 'other' : undefined;
}

function withWatching(
  program: string,
  args: readonly string[],
  classification: Classification,
): Classification {
  const watches = [program, ...args].some((word) =>
    /^(?:ts-node-dev|tsnd|--watch(?:-path.*)?|watch|--hot|--respawn)$/u.test(word),
  );
  return classification === 'unknown' && watches ? 'likely' : classification;
}

function isFileArgument(arg: string, previous: string | undefined): boolean {
  // A setting is the value of an option: `php -d memory_limit=1G bin/console`.
  return !/^-|^\w+=/u.test(arg) && !/^(?:watch|run)$/u.test(arg) && !optionsWithValue.has(previous ?? '');
}

/** Classifies a file by its name, or by its folder if the name is neutral: `server/index.ts`. */
function classifyFileName(path: string): Classification {
  const parts = path.replace(/\.\w+$/u, '').split(/[/\\]/u);
  const words = splitName(parts.at(-1) ?? '');
  if (words.some((word) => otherWorkWords.has(word))) return 'other';
  if (words.some((word) => servingWords.has(word))) return 'likely';
  const isEntry = /^(?:index|main|app|entry|www|start)$/u.test(words.join(' '));
  if (isEntry && /^(?:tasks|jobs|workers|migrations|seeds)$/u.test(parts.at(-2) ?? '')) return 'other';
  return isEntry && splitName(parts.at(-2) ?? '').includes('server') ? 'likely' : 'unknown';
}
