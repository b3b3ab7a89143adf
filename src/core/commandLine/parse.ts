/** A word of a command line, and where it stands there. */
export interface Word {
  /** Without quotation marks and escapes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A line that runs one program and no other. */
export interface SimpleCommand {
  /** `NAME=value` before the program, also behind `cross-env` or `env`. */
  readonly assignments: readonly Word[];
  /** Name of the tool that does the work, e.g. `vite` for `npx vite` and `http.server` for `python3 -m http.server`. */
  readonly tool: string;
  /** The words for the tool. */
  readonly args: readonly Word[];
}

/** A word may be put together from quoted and bare parts; whatever a shell would act upon ends it. */
const wordPattern = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\;&|<>()`])+/suy;
const blankPattern = /[ \t]+/uy;

/** What only starts what stands behind it, and may have options of its own in between. */
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

/** Scripts with which a framework is driven, by the interpreter that runs them. */
const driverScripts: Readonly<Record<string, string>> = { python: 'manage.py', php: 'artisan' };

/** Options of launchers that stand alone. */
const launcherOptions: ReadonlySet<string> = new Set(['-y', '--yes', '--no-install', '--bun']);

/** Takes a line apart; `undefined` when it is more than one command, or is nothing that can be told without a shell. */
export function parseSimpleCommand(line: string): SimpleCommand | undefined {
  const words = splitWords(line);
  return words && commandFrom(words);
}

/** The same for words that no shell reads; each of them begins at its index. */
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

/** The words of a line as a shell would part them; `undefined` when there is more in it than words. */
function splitWords(line: string): Word[] | undefined {
  const words: Word[] = [];
  for (let start = 0; start < line.length;) {
    blankPattern.lastIndex = start;
    start += blankPattern.exec(line)?.[0].length ?? 0;
    if (start === line.length) break;
    wordPattern.lastIndex = start;
    const raw = wordPattern.exec(line)?.[0];
    // A comment would swallow whatever is written behind it.
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

/** Moves the assignments at the beginning to `found`. */
function withoutAssignments(words: readonly Word[], assignments: Word[]): readonly Word[] {
  const first = words.findIndex(({ text }) => !/^[A-Za-z_]\w*=/u.test(text));
  const end = first === -1 ? words.length : first;
  assignments.push(...words.slice(0, end));
  return words.slice(end);
}

/** What a launcher starts; `undefined` when the words do not begin with one. */
function withoutLauncher(words: readonly Word[]): readonly Word[] | undefined {
  const names = words.map(({ text }, index) => (index === 0 ? programName(text) : text));
  const launcher = launchers.find((parts) => parts.every((part, index) => part === names[index]));
  if (!launcher) return withoutInterpreter(words, names);
  const rest = words.slice(launcher.length);
  const first = rest.findIndex(({ text }) => !launcherOptions.has(text));
  return first === -1 ? [] : rest.slice(first);
}

/** What an interpreter is given: a tool in `node_modules`, or the driver of a framework. */
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

/** `vite` for `./node_modules/.bin/vite` and `node_modules/vite/bin/vite.js`; Python has its version in its name. */
function programName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[cm]?js$/u, '');
  return /^python[\d.]*$/u.test(name) ? 'python' : name;
}
