import { launchers } from '../../core/serverTools/launchers.js';
import { commandName } from './classifyTool.js';

/** The command that a launcher starts: words, or a line for a shell. */
export type LaunchedCommand =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'line'; readonly line: string };

/** Options of launchers that take a separate value. */
const optionsWithValue: ReadonlySet<string> = new Set(
  '-e -f -p -r -u -n --package --file --environments --env --env-file --config --project --from --with --extra --group --only-group'.split(
    ' ',
  ),
);

const programs: ReadonlySet<string | undefined> = new Set(launchers.map(([program]) => program));

/** Compilers that can run a command after each build. */
const compilers = /^(?:tsc-watch|tsup|tsdown)$/u;

/** A file in a folder of built files, or the main file of the package, which is built as well. */
const builtFile = /(?:^|\/)(?:dist|build|out|lib)\/|^\.\/?$/u;

const assignment = /^[A-Za-z_]\w*=/u;

/** Returns the command that a launcher starts; `undefined` for words that do not begin with a launcher. */
export function unwrapLauncher(words: readonly string[]): LaunchedCommand | undefined {
  if (assignment.test(words[0] ?? '')) return { kind: 'words', words: withoutAssignments(words) };
  const program = commandName(words[0] ?? '');
  if (compilers.test(program)) return afterBuild(words);
  if (program === 'nix-shell') return inNixShell(words);
  if (!programs.has(program)) return undefined;
  const names = [program, ...words.slice(1)];
  const launcher = launchers.find((parts) => parts.every((part, index) => part === names[index]));
  return launcher && launchedCommand(words.slice(launcher.length));
}

/** Returns the command that launchers start, also one in another: `npx cross-env PORT=3000 node server.js`. */
export function unwrapped(words: readonly string[]): readonly string[] {
  const launched = unwrapLauncher(words);
  return launched?.kind === 'words' && launched.words.length > 0 ? unwrapped(launched.words) : words;
}

/** Returns the line that a shell with packages of Nix runs: `nix-shell -p nodejs --run "npm start"`. */
function inNixShell(words: readonly string[]): LaunchedCommand | undefined {
  const line = words[words.findIndex((word) => /^--(?:run|command)$/u.test(word)) + 1] ?? '';
  return line === words[0] ? undefined : { kind: 'line', line };
}

/** Returns the command that a compiler runs after each build: `tsup --watch --onSuccess "node dist/index.js"`. */
function afterBuild(words: readonly string[]): LaunchedCommand | undefined {
  const option = words.findIndex((word) => /^--on-?success(?:=|$)/iu.test(word));
  if (option === -1) return undefined;
  const [, ...value] = (words[option] ?? '').split('=');
  const line = value.length > 0 ? value.join('=') : (words[option + 1] ?? '');
  return runsSource(line) ? undefined : { kind: 'line', line };
}

/** Returns whether Node.js runs a source file, which works on what is built: `node scripts/copy.js`. */
function runsSource(line: string): boolean {
  const [program, ...args] = line.split(' ');
  const file = args.find(
    (arg, index) => !arg.startsWith('-') && !optionsWithValue.has(args[index - 1] ?? ''),
  );
  return program === 'node' && !builtFile.test(file ?? '');
}

/** Skips the options: the command follows `--`, or is the first word that is neither an option nor its value. */
function launchedCommand(words: readonly string[]): LaunchedCommand {
  const line = words.findIndex((word) => word === '-c' || word === '-lc' || word === '--call');
  const first = firstCommandWord(words);
  if (line !== -1 && line < first) return { kind: 'line', line: words[line + 1] ?? '' };
  return { kind: 'words', words: withoutAssignments(words.slice(first)) };
}

function firstCommandWord(words: readonly string[]): number {
  const end = words.indexOf('--');
  let index = 0;
  while (words[index]?.startsWith('-') && index !== end)
    index += optionsWithValue.has(words[index] ?? '') ? 2 : 1;
  // `dotenv -e .env -- next dev`, `doppler run --config dev -- next dev`
  const isBeforeEnd = end !== -1 && words.slice(index, end).every((word) => !word.includes(' '));
  return isBeforeEnd && end - index <= 1 ? end + 1 : index;
}

function withoutAssignments(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !assignment.test(word));
  return first === -1 ? [] : words.slice(first);
}
