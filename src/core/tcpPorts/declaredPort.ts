import { commandFromWords, parseSimpleCommand, type SimpleCommand, type Word } from '../commandLine/parse.js';
import { findPortOption, portWord, trailingPort } from './portArguments.js';
import type { PortOption } from '../serverTools/toolRow.js';
import type { PackageScript, ServerCommand, ServerDefinition } from '../server/definition.js';
import { usesOwnPort } from '../commandLine/variables.js';

/**
 * Returns the port that a server is known to use before it runs: the configured one, or the one in its command line or
 * script. `undefined` when none is named, or a line of several commands names more than one.
 */
export function declaredPort(definition: ServerDefinition): number | undefined {
  return definition.port ?? portInCommand(definition) ?? trailingPort(definition.env['PORT'] ?? '');
}

/**
 * Returns the server with another port, in `PORT` and, where its tool is known, in its command. `undefined` when the
 * server would ignore it, because its script sets a port that no argument overrides.
 */
export function withPort(definition: ServerDefinition, port: number): ServerDefinition | undefined {
  const command = commandWithPort(definition, port);
  return (
    command && {
      ...definition,
      command,
      env: { ...definition.env, PORT: String(port) },
      port: definition.port === undefined ? undefined : port,
      ...urlWithPort(definition, port),
      ...readyRuleWithPort(definition, port),
    }
  );
}

/** A configured address on the old port moves to the new one. */
function urlWithPort(definition: ServerDefinition, port: number): Pick<ServerDefinition, 'url'> | undefined {
  if (definition.url === undefined) return undefined;
  const url = new URL(definition.url);
  if (url.port === '' || Number(url.port) !== declaredPort(definition)) return undefined;
  url.port = String(port);
  return { url: url.href };
}

/** A ready rule for a connection on the old port applies to the new one. */
function readyRuleWithPort(
  definition: ServerDefinition,
  port: number,
): Pick<ServerDefinition, 'overrides'> | undefined {
  const { overrides } = definition;
  if (typeof overrides?.ready?.tcp !== 'number' || overrides.ready.tcp !== declaredPort(definition))
    return undefined;
  return { overrides: { ...overrides, ready: { ...overrides.ready, tcp: port } } };
}

/** The line that the shell finally executes. */
function shellLineOf(command: ServerCommand, script: PackageScript | undefined): string | undefined {
  return command.kind === 'shell' ? command.line : script?.body;
}

function portInCommand({ command, script, portArgument }: ServerDefinition): number | undefined {
  const line = shellLineOf(command, script);
  const simple = line === undefined ? commandFromWords(commandWords(command)) : parseSimpleCommand(line);
  if (!simple) return line === undefined ? undefined : onlyPort(line);
  const word = portWord(simple, findPortOption(simple, portArgument)) ?? portAssignment(simple);
  return word && trailingPort(word.text);
}

/** The words of a command that is executed without a shell. */
function commandWords(command: ServerCommand): readonly string[] {
  return command.kind === 'argv' ? [command.file, ...command.args] : [];
}

/** Returns the port of a line of several commands if they name only one. */
function onlyPort(line: string): number | undefined {
  const portWordFound = [...line.matchAll(/(?<![\w-])(?:--port[= ]|PORT=)(\d{1,5})(?![\w.:])/gu)];
  const ports = new Set(portWordFound.map(([, digits = '']) => trailingPort(digits)));
  return ports.size === 1 ? [...ports][0] : undefined;
}

function portAssignment({ assignments }: SimpleCommand): Word | undefined {
  return assignments.findLast(({ text }) => /^PORT=\d+$/u.test(text));
}

function commandWithPort(definition: ServerDefinition, port: number): ServerCommand | undefined {
  const { command, script, portArgument } = definition;
  if (usesOwnPort(definition)) return command;
  if (command.kind === 'shell') return { ...command, line: lineWithPort(command.line, portArgument, port) };
  if (!script) return argvWithPort(command, portArgument, port);
  const simple = parseSimpleCommand(script.body);
  if (!simple) return command;
  const words = scriptArguments(simple, portArgument, port);
  return (
    words && {
      ...command,
      args: [...command.args, ...(words.length === 0 ? [] : script.argumentPrefix), ...words],
    }
  );
}

/** The user wrote these words, so the port in them can be replaced. */
function argvWithPort(
  command: Extract<ServerCommand, { kind: 'argv' }>,
  portArgument: string | undefined,
  port: number,
): ServerCommand {
  const words = commandWords(command);
  const simple = commandFromWords(words);
  const option = simple && findPortOption(simple, portArgument);
  const portWordFound = simple && portWord(simple, option);
  if (!simple || !(option ?? portWordFound)) return command;
  const changed = words.map((word, index) =>
    index === portWordFound?.start ? word.replace(/\d{1,5}$/u, String(port)) : word,
  );
  const [file = command.file, ...args] = [
    ...changed,
    ...portWords(portWordFound ? undefined : option, simple, port),
    ...strictArguments(option, simple),
  ];
  return { kind: 'argv', file, args };
}

/** The user wrote this line, so the port in it can be replaced. */
function lineWithPort(line: string, portArgument: string | undefined, port: number): string {
  const command = parseSimpleCommand(line);
  if (!command) return line;
  const option = findPortOption(command, portArgument);
  const portWordFound = portWord(command, option);
  const positions = [portWordFound, portAssignment(command)].filter((word) => word !== undefined);
  const changed = positions
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, position) => replacePort(text, position, port), line);
  return [
    changed,
    ...portWords(portWordFound ? undefined : option, command, port),
    ...strictArguments(option, command),
  ].join(' ');
}

/**
 * Returns the arguments to add to a script, whose own text cannot be changed; none where `PORT` has to do. `undefined`
 * when the script would ignore them.
 */
function scriptArguments(
  command: SimpleCommand,
  portArgument: string | undefined,
  port: number,
): string[] | undefined {
  const option = findPortOption(command, portArgument);
  const portWordFound = portWord(command, option);
  if (portWordFound && !option?.lastCounts) return undefined;
  const words = portWords(option, command, port);
  if (words.length === 0) return portWordFound || portAssignment(command) ? undefined : [];
  return [...words, ...strictArguments(option, command)];
}

/** An argument after `--` is not an option. */
function portWords(option: PortOption | undefined, { args }: SimpleCommand, port: number): string[] {
  if (!option || args.some(({ text }) => text === '--')) return [];
  return option.words.map((word) => word.replace('{}', String(port)));
}

function strictArguments(option: PortOption | undefined, { args }: SimpleCommand): string[] {
  const strict = option?.strict;
  return strict === undefined || args.some(({ text }) => text === strict || text === '--') ? [] : [strict];
}

/** Replaces the digits at the end of a word, quoted or not, by the port. */
function replacePort(line: string, { start, end }: Word, port: number): string {
  const word = line.slice(start, end).replace(/\d{1,5}(?=["']?$)/u, String(port));
  return line.slice(0, start) + word + line.slice(end);
}
