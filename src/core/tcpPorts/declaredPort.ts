import { parseArguments, parseSimpleCommand, type SimpleCommand, type Word } from '../commandLine/parse.js';
import { trailingPort, findPortOption, portWord, type PortOption } from './portArguments.js';
import type { PackageScript, ServerCommand, ServerDefinition } from '../server/definition.js';
import { usesOwnPort } from '../commandLine/variables.js';

/**
 * The port that a server is known to want before it runs: the one the user told us, or the one that its command line or
 * script says. `undefined` when nobody says one, or a line of several commands says more than one.
 */
export function declaredPort(definition: ServerDefinition): number | undefined {
  return definition.port ?? portInCommand(definition) ?? trailingPort(definition.env['PORT'] ?? '');
}

/**
 * The same server on another port: told by `PORT`, and in the command where its tool is known. `undefined` when it would
 * not obey, since its script fixes another port in a way that nothing can be said against.
 */
export function withPort(definition: ServerDefinition, port: number): ServerDefinition | undefined {
  const command = commandOnPort(definition, port);
  return (
    command && {
      ...definition,
      command,
      env: { ...definition.env, PORT: String(port) },
      port: definition.port === undefined ? undefined : port,
      ...readyOnPort(definition, port),
    }
  );
}

/** What must accept a connection on the old port, must do so on the new one. */
function readyOnPort(
  definition: ServerDefinition,
  port: number,
): Pick<ServerDefinition, 'overrides'> | undefined {
  const { overrides } = definition;
  if (typeof overrides?.ready?.tcp !== 'number' || overrides.ready.tcp !== declaredPort(definition))
    return undefined;
  return { overrides: { ...overrides, ready: { ...overrides.ready, tcp: port } } };
}

/** What a shell reads in the end. */
function lineOf(command: ServerCommand, script: PackageScript | undefined): string | undefined {
  return command.kind === 'shell' ? command.line : script?.body;
}

function portInCommand({ command, script, portArgument }: ServerDefinition): number | undefined {
  const line = lineOf(command, script);
  const simple = line === undefined ? parseArguments(wordsOf(command)) : parseSimpleCommand(line);
  if (!simple) return line === undefined ? undefined : onlyPort(line);
  const word = portWord(simple, findPortOption(simple, portArgument)) ?? portAssignment(simple);
  return word && trailingPort(word.text);
}

/** The words of a command that no shell reads. */
function wordsOf(command: ServerCommand): readonly string[] {
  return command.kind === 'argv' ? [command.file, ...command.args] : [];
}

/** The port of a line of several commands, if they speak of one only. */
function onlyPort(line: string): number | undefined {
  const said = [...line.matchAll(/(?<![\w-])(?:--port[= ]|PORT=)(\d{1,5})(?![\w.:])/gu)];
  const ports = new Set(said.map(([, digits = '']) => trailingPort(digits)));
  return ports.size === 1 ? [...ports][0] : undefined;
}

function portAssignment({ assignments }: SimpleCommand): Word | undefined {
  return assignments.findLast(({ text }) => /^PORT=\d+$/u.test(text));
}

function commandOnPort(definition: ServerDefinition, port: number): ServerCommand | undefined {
  const { command, script, portArgument } = definition;
  if (usesOwnPort(definition)) return command;
  if (command.kind === 'shell') return { ...command, line: lineOnPort(command.line, portArgument, port) };
  if (!script) return wordsOnPort(command, portArgument, port);
  const simple = parseSimpleCommand(script.body);
  if (!simple) return command;
  const words = wordsForScript(simple, portArgument, port);
  return (
    words && {
      ...command,
      args: [...command.args, ...(words.length === 0 ? [] : script.argumentPrefix), ...words],
    }
  );
}

/** Nobody but the user has written these words either. */
function wordsOnPort(
  command: Extract<ServerCommand, { kind: 'argv' }>,
  portArgument: string | undefined,
  port: number,
): ServerCommand {
  const words = wordsOf(command);
  const simple = parseArguments(words);
  const option = simple && findPortOption(simple, portArgument);
  const said = simple && portWord(simple, option);
  if (!simple || !(option ?? said)) return command;
  const changed = words.map((word, index) =>
    index === said?.start ? word.replace(/\d+$/u, String(port)) : word,
  );
  const [file = command.file, ...args] = [
    ...changed,
    ...wordsFor(said ? undefined : option, simple, port),
    ...strictness(option, simple),
  ];
  return { kind: 'argv', file, args };
}

/** The line is the user's own, so what it says about the port can be said anew in its place. */
function lineOnPort(line: string, portArgument: string | undefined, port: number): string {
  const command = parseSimpleCommand(line);
  if (!command) return line;
  const option = findPortOption(command, portArgument);
  const said = portWord(command, option);
  const places = [said, portAssignment(command)].filter((word) => word !== undefined);
  const changed = places
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, place) => withPortAt(text, place, port), line);
  return [
    changed,
    ...wordsFor(said ? undefined : option, command, port),
    ...strictness(option, command),
  ].join(' ');
}

/**
 * A script stands in a file, so words can only be added to it; none where `PORT` must do. `undefined` when they would not
 * be obeyed.
 */
function wordsForScript(
  command: SimpleCommand,
  portArgument: string | undefined,
  port: number,
): string[] | undefined {
  const option = findPortOption(command, portArgument);
  const said = portWord(command, option);
  if (said && !option?.lastCounts) return undefined;
  const words = wordsFor(option, command, port);
  if (words.length === 0) return said || portAssignment(command) ? undefined : [];
  return [...words, ...strictness(option, command)];
}

/** What stands behind `--` is no option any more. */
function wordsFor(option: PortOption | undefined, { args }: SimpleCommand, port: number): string[] {
  if (!option || args.some(({ text }) => text === '--')) return [];
  return option.words.map((word) => word.replace('{}', String(port)));
}

function strictness(option: PortOption | undefined, { args }: SimpleCommand): string[] {
  const strict = option?.strict;
  return strict === undefined || args.some(({ text }) => text === strict || text === '--') ? [] : [strict];
}

/** Puts the port in the place of the digits with which the word ends, be it quoted or not. */
function withPortAt(line: string, { start, end }: Word, port: number): string {
  const word = line.slice(start, end).replace(/\d+(?=["']?$)/u, String(port));
  return line.slice(0, start) + word + line.slice(end);
}
