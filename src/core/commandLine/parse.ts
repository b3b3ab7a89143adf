/** A word of a command line, with its position. */
export interface Word {
  /** Without quotation marks and escapes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A line that runs one program and no other. */
export interface SimpleCommand {
  /** `NAME=value` before the program, including those after `cross-env` or `env`. */
  readonly assignments: readonly Word[];
  /** Name of the tool that is run, e.g. `vite` for `npx vite` and `http.server` for `python3 -m http.server`. */
  readonly tool: string;
  /** Arguments of the tool. */
  readonly args: readonly Word[];
}

/** A word consists of quoted and unquoted parts; any character that a shell interprets ends it. */
const wordPattern = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\;&|<>()`])+/suy;
const blankPattern = /[ \t]+/uy;

/** Commands that only run the command after them, with options of their own in between. */
const launchers: readonly (readonly string[])[] = [
  ['cross-env'],
  ['env'],
  ['npx'],
  ['bunx'],
  ['pnpm', 'exec'],
  ['poetry', 'run'],
  ['pipenv', 'run'],
  ['uv', 'run'],
  ['bundle', 'exec'],
  ['python', '-m'],
];

/** Scripts that are the command line of a framework, by the interpreter that runs them. */
const driverScripts: Readonly<Record<string, string>> = { python: 'manage.py', php: 'artisan' };

/** Options of launchers that take no value. */
const launcherOptions: ReadonlySet<string> = new Set(['-y', '--yes', '--no-install', '--bun']);

/** Parses a line; `undefined` if it is more than one command, or needs a shell to interpret. */
export function parseSimpleCommand(line: string): SimpleCommand | undefined {
  const words = splitWords(line);
  return words && commandFrom(words);
}

/** Parses arguments that no shell interprets; the position of each is its index. */
export function parseArguments(texts: readonly string[]): SimpleCommand | undefined {
  return commandFrom(texts.map((text, index) => ({ text, start: index, end: index + 1 })));
}

function commandFrom(words: readonly Word[]): SimpleCommand | undefined {
  const assignments: Word[] = [];
  let rest = withoutAssignments(words, assignments);
  for (let launched = withoutLauncher(rest); launched; launched = withoutLauncher(rest)) {
    rest = withoutAssignments(launched, assignments);
  }
  const [program, ...args] = rest;
  return program && { assignments, tool: programName(program.text), args };
}

/** Splits a line into words as a shell does; `undefined` if it contains more than words. */
function splitWords(line: string): Word[] | undefined {
  const words: Word[] = [];
  for (let start = 0; start < line.length;) {
    blankPattern.lastIndex = start;
    start += blankPattern.exec(line)?.[0].length ?? 0;
    if (start === line.length) break;
    wordPattern.lastIndex = start;
    const raw = wordPattern.exec(line)?.[0];
    // A comment would swallow any argument that is appended to the line.
    if (raw === undefined || raw.startsWith('#')) return undefined;
    words.push({ text: unquoted(raw), start, end: start + raw.length });
    start += raw.length;
  }
  return words;
}

function unquoted(raw: string): string {
  return raw.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gsu,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replaceAll(/\\(["\\$`])/gu, '$1') ?? single ?? escaped ?? '',
  );
}

/** Returns the words after the leading assignments, which it adds to `assignments`. */
function withoutAssignments(words: readonly Word[], assignments: Word[]): readonly Word[] {
  const first = words.findIndex(({ text }) => !/^[A-Za-z_]\w*=/u.test(text));
  const end = first === -1 ? words.length : first;
  assignments.push(...words.slice(0, end));
  return words.slice(end);
}

/** Returns the words after a launcher or interpreter; `undefined` if they begin with neither. */
function withoutLauncher(words: readonly Word[]): readonly Word[] | undefined {
  const names = words.map(({ text }, index) => (index === 0 ? programName(text) : text));
  const launcher = launchers.find((parts) => parts.every((part, index) => part === names[index]));
  if (!launcher) return withoutInterpreter(words, names);
  const rest = words.slice(launcher.length);
  const first = rest.findIndex(({ text }) => !launcherOptions.has(text));
  return first === -1 ? [] : rest.slice(first);
}

/** Returns the words from a tool in `node_modules`, or from the script of a framework, after its interpreter. */
function withoutInterpreter(
  words: readonly Word[],
  [interpreter = '']: readonly string[],
): readonly Word[] | undefined {
  const file = words.findIndex(({ text }, index) => index > 0 && !text.startsWith('-'));
  const text = words[file]?.text ?? '';
  const isTool =
    interpreter === 'node'
      ? text.includes('node_modules/')
      : driverScripts[interpreter] === programName(text);
  return isTool ? words.slice(file) : undefined;
}

/**
 * Returns `vite` for `./node_modules/.bin/vite` and `node_modules/vite/bin/vite.js`, and `python` for any version of
 * it.
 */
function programName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[cm]?js$/u, '');
  return /^python[\d.]*$/u.test(name) ? 'python' : name;
}
