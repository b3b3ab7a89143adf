import leven from 'leven';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CommandOptions } from './commandCall.js';
import {
  commandSpecs,
  optionSpecs,
  type CommandName,
  type OptionName,
  type OptionSpec,
} from './commandSpecs.js';
import { CommandError, exitCodes } from './exitCodes.js';

/** A call that can be carried out, or the request for the version, or for help on a command or on all. */
export type ParsedArguments =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | {
      readonly kind: 'command';
      readonly command: CommandName;
      readonly folder: string;
      readonly names: readonly string[];
      readonly options: CommandOptions;
    };

/** Parses the arguments after the program. Throws a `CommandError` for a wrong call. */
export function readArguments(args: readonly string[], cwd: string): ParsedArguments {
  const [first = '', ...rest] = args;
  if (helpWords.has(first)) return { kind: 'help', command: commandNamed(rest[0]) };
  if (first === '--version') return { kind: 'version' };
  const command = commandNamed(first);
  if (command === undefined)
    throw usageError(first === '' ? 'A command is missing.' : unknownText('command', first, commandNames()));
  const { values, positionals } = parse(rest, command);
  if (values.help === true) return { kind: 'help', command };
  checkNames(positionals, command);
  const folder = resolve(cwd, values.folder ?? '.');
  return { kind: 'command', command, folder, names: positionals, options: values };
}

const helpWords: ReadonlySet<string> = new Set(['--help', '-h', 'help']);

function checkNames(names: readonly string[], command: CommandName): void {
  const { label, min, max } = commandSpecs[command].names;
  if (names.length < min) throw usageError(`${command}: ${label} is missing.`, command);
  const extra = names[max];
  if (extra !== undefined) throw usageError(`${command}: unexpected argument "${extra}".`, command);
}

interface ParsedOptions {
  readonly values: CommandOptions & { readonly help?: boolean };
  readonly positionals: string[];
}

function parse(args: readonly string[], command: CommandName): ParsedOptions {
  const options = Object.fromEntries(
    ['help' as const, ...commandSpecs[command].options].map((name: OptionName) => {
      const { short, value }: OptionSpec = optionSpecs[name];
      return [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) } as const,
      ];
    }),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw usageError(parseErrorText(error, args, Object.keys(options), command), command);
  }
}

/** For an unknown option, Node's message suggests to pass it as a name, which is rarely intended. */
function parseErrorText(
  error: unknown,
  args: readonly string[],
  names: readonly string[],
  command: CommandName,
): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return error.message;
  const option = /'(-[^']*)'/.exec(error.message)?.[1] ?? args.find((each) => each.startsWith('-')) ?? '';
  if (command === 'run' && args[0]?.startsWith('-') === false)
    return `"${option}" is not an option of "run". Write -- before the command: devservers run -- ${args[0]} [OPTIONS].`;
  return unknownText(
    'option',
    option,
    names.map((name) => `--${name}`),
  );
}

/** Number of letters in a word for which one mistake is corrected; one mistake is always corrected. */
const lettersPerMistake = 3;

function unknownText(what: 'command' | 'option', word: string, known: readonly string[]): string {
  const maxMistakes = Math.max(1, Math.floor(word.length / lettersPerMistake));
  const [closest] = known
    .map((each) => ({ each, mistakes: mistakesIn(word, each) }))
    .filter(({ mistakes }) => mistakes <= maxMistakes)
    .toSorted((one, other) => one.mistakes - other.mistakes);
  const hint = closest ? `Did you mean ${closest.each}?` : `Available: ${known.join(', ')}.`;
  return `Unknown ${what} "${word}". ${hint}`;
}

/** Returns the number of mistakes in a word; unlike in `leven`, two swapped letters count as one. */
function mistakesIn(word: string, meant: string): number {
  const swapped = Array.from({ length: Math.max(0, word.length - 1) }, (_, index) => {
    const [before, after] = [word.slice(index, index + 2), word.slice(index + 2)];
    return `${word.slice(0, index)}${before.charAt(1)}${before.charAt(0)}${after}`;
  });
  return Math.min(leven(word, meant), ...swapped.map((each) => 1 + leven(each, meant)));
}

function commandNames(): readonly CommandName[] {
  return Object.keys(commandSpecs) as CommandName[];
}

function commandNamed(name: string | undefined): CommandName | undefined {
  return commandNames().find((each) => each === name);
}

function usageError(message: string, command?: CommandName): CommandError {
  const help = command === undefined ? 'devservers --help' : `devservers ${command} --help`;
  return new CommandError(`${message} See "${help}".`, exitCodes.usage, 'badRequest');
}

/** Returns the value of an option that takes a whole number from `min` on. Throws a `CommandError` for any other text. */
export function wholeNumberOption(
  text: string | undefined,
  name: OptionName,
  fallback: number,
  min: number,
): number {
  const value = numberOption(text, name, fallback, min);
  if (Number.isInteger(value)) return value;
  throw usageError(`--${name} must be a whole number, not "${text}".`);
}

/** Returns the value of an option that takes a number from `min` on. Throws a `CommandError` for any other text. */
export function numberOption(text: string | undefined, name: OptionName, fallback: number, min = 0): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= min) return value;
  throw new CommandError(
    `--${name} must be a number of at least ${min}, not "${text}".`,
    exitCodes.usage,
    'badRequest',
  );
}
