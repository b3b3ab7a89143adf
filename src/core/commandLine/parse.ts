import { plainLaunchers } from '../serverTools/launchers.js';

/** A word of a command line, and its position in the line. */
export interface Word {
  /** Text without quotation marks and escapes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A line that runs one program and no other. */
export interface SimpleCommand {
  /** `NAME=value` before the program, also after `cross-env` or `env`. */
  readonly assignments: readonly Word[];
  /** Name of the tool that does the work, e.g. `vite` for `npx vite` and `http.server` for `python3 -m http.server`. */
  readonly tool: string;
  /** Arguments of the tool. */
  readonly args: readonly Word[];
}

/** Longer lines are generated; they are not split. */
const maxLineLength = 4000;

/** Parts of a word that a shell takes as they are, except for variables between double quotation marks. */
const quotedPart = String.raw`"(?:[^"\\]|\\.)*"|'[^']*'|\\.`;

/** The tokens of a line. A word may consist of quoted parts, bare parts and command substitutions. */
const tokens = new RegExp(
  [
    String.raw`(?<blank>[ \t\r]+)`,
    String.raw`(?<redirection>\d{0,9}(?:>>?|<<?)(?<target>&\d|-)?|&>>?)`,
    String.raw`(?<operator>&&|\|\||[;&|()\n])`,
    String.raw`(?<word>(?:${quotedPart}|\$\([^)]*\)|\x60[^\x60]*\x60|[^\s"'\\;&|<>()\x60])+)`,
    String.raw`.`,
  ].join('|'),
  'gsu',
);

const quotedParts = new RegExp(quotedPart, 'gsu');

/** Characters without which a line is one command of bare words, as most lines are. */
const special = /["'\\;&|<>()\x60\n]/u;

/** Command-line scripts of frameworks, by the interpreter that runs them. */
const frameworkScripts: Readonly<Record<string, string>> = { python: 'manage.py', php: 'artisan' };

/** Options of launchers that have no value. */
const launcherOptions: ReadonlySet<string> = new Set(['-y', '--yes', '--no-install', '--bun']);

/** Parses a line; `undefined` for several commands, and for a line whose words only a shell can find. */
export function parseSimpleCommand(line: string): SimpleCommand | undefined {
  const words = splitWords(line);
  return words && simpleCommand(words);
}

/** Parses arguments that no shell reads; the position of each is its index. */
export function commandFromWords(texts: readonly string[]): SimpleCommand | undefined {
  return simpleCommand(texts.map((text, index) => ({ text, start: index, end: index + 1 })));
}

function simpleCommand(words: readonly Word[]): SimpleCommand | undefined {
  const assignments: Word[] = [];
  let rest = withoutAssignments(words, assignments);
  for (let launched = withoutLauncher(rest); launched; launched = withoutLauncher(rest)) {
    rest = withoutAssignments(launched, assignments);
  }
  const [program, ...args] = rest;
  return program && { assignments, tool: programName(program.text), args };
}

/** Returns a line from which the words can be read again. */
export function lineOf(words: readonly string[]): string {
  return words.map((word) => (/[\s"';&|<>()]/u.test(word) ? JSON.stringify(word) : word)).join(' ');
}

/**
 * Splits a line of one command into its words. `undefined` for a line in which a shell would find more than words:
 * another command, a redirection, a substitution or a comment.
 */
export function splitWords(line: string): Word[] | undefined {
  const words: Word[] = [];
  for (const { 0: raw, index, groups = {} } of line.matchAll(tokens)) {
    if (groups['word'] === undefined ? !/^[ \t]+$/u.test(raw) : needsShell(raw)) return undefined;
    if (groups['word'] !== undefined)
      words.push({ text: unquoted(raw), start: index, end: index + raw.length });
  }
  return words;
}

/**
 * Splits a line into its commands, each as its words without quotation marks: `a && b | c` are three. Variables stay as
 * they are written; redirections are left out. For classifying a line, never for running it.
 */
export function splitCommands(line: string): string[][] {
  if (line.length > maxLineLength) return [];
  const commands = special.test(line)
    ? commandsOfTokens(line)
    : [line.split(/\s+/u).filter((word) => word !== '')];
  return commands.filter((words) => words.length > 0);
}

function commandsOfTokens(line: string): string[][] {
  const commands: string[][] = [[]];
  let isTarget = false;
  for (const { groups = {} } of line.matchAll(tokens)) {
    if (groups['operator']) commands.push([]);
    if (groups['redirection']) isTarget = groups['target'] === undefined;
    else if (groups['word']) {
      if (!isTarget) commands.at(-1)?.push(unquoted(groups['word']));
      isTarget = false;
    }
  }
  return commands;
}

/**
 * Returns whether a word holds a command substitution, or begins a comment, which would swallow what is added after it.
 */
function needsShell(raw: string): boolean {
  return raw.startsWith('#') || /\$\(|`/u.test(raw.replaceAll(quotedParts, ''));
}

function unquoted(raw: string): string {
  return raw.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gsu,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replaceAll(/\\(["\\$`])/gu, '$1') ?? single ?? escaped ?? '',
  );
}

/** Returns the words after the assignments, which it adds to `assignments`. */
function withoutAssignments(words: readonly Word[], assignments: Word[]): readonly Word[] {
  const first = words.findIndex(({ text }) => !/^[A-Za-z_]\w*=/u.test(text));
  const end = first === -1 ? words.length : first;
  assignments.push(...words.slice(0, end));
  return words.slice(end);
}

/** Returns the command that a launcher starts; `undefined` for words that do not begin with a launcher. */
function withoutLauncher(words: readonly Word[]): readonly Word[] | undefined {
  const names = words.map(({ text }, index) => (index === 0 ? programName(text) : text));
  const launcher = plainLaunchers.find((parts) => parts.every((part, index) => part === names[index]));
  if (!launcher) return interpretedTool(words, names);
  const rest = words.slice(launcher.length);
  const first = rest.findIndex(({ text }) => !launcherOptions.has(text));
  return first === -1 ? [] : rest.slice(first);
}

/** Returns the tool that an interpreter runs: a file in `node_modules`, or the command-line script of a framework. */
function interpretedTool(
  words: readonly Word[],
  [interpreter = '']: readonly string[],
): readonly Word[] | undefined {
  const file = words.findIndex(({ text }, index) => index > 0 && !text.startsWith('-'));
  const text = words[file]?.text ?? '';
  const isTool =
    interpreter === 'node'
      ? text.includes('node_modules/')
      : frameworkScripts[interpreter] === programName(text);
  return isTool ? words.slice(file) : undefined;
}

/** Returns `vite` for `./node_modules/.bin/vite` and `node_modules/vite/bin/vite.js`, `python` for `python3.12`. */
function programName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[cm]?js$/u, '');
  return /^python[\d.]*$/u.test(name) ? 'python' : name;
}
