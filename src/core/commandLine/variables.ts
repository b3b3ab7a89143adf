import { ServerError } from '../server/errors.js';
import { serverTitle, type ServerCommand, type ServerDefinition } from '../server/definition.js';
import { substituteValues } from './substitute.js';
import type { ServerId } from '../server/identity.js';

/** What the values of variables come from. */
export interface VariableValues {
  /** Absolute path of the workspace folder that a server belongs to. */
  readonly workspaceFolder: string;
  /** The shell that reads the lines of servers that name none. */
  readonly shell: string;
  /** The port on which the server itself is to listen, if that is known. */
  readonly port: number | undefined;
  /** A variable of the editor's environment. */
  env(name: string): string | undefined;
  /** The address of another server that is ready; `undefined` when there is none. */
  addressOf(id: ServerId): string | undefined;
}

/** A `${…}` that is replaced here; what else looks alike is left to the shell. */
export interface Variable {
  readonly text: string;
  readonly name: string;
  /** What stands behind the colon. */
  readonly argument: string | undefined;
  readonly index: number;
}

const variablePattern =
  /\$\{(?:(?<plain>workspaceFolder|workspaceFolderBasename|port)|(?<name>env|port|url):(?<argument>[^{}]+))\}/gu;

/** The variables of a text, in their order. */
export function findVariables(text: string): Variable[] {
  return [...text.matchAll(variablePattern)].map(({ 0: whole, index, groups = {} }) => ({
    text: whole,
    name: groups['plain'] ?? groups['name'] ?? '',
    argument: groups['argument'],
    index,
  }));
}

/** The other servers whose ports or addresses a definition mentions, each once: it can only start when they are ready. */
export function referencedServers(definition: ServerDefinition): ServerId[] {
  const mentioned = textsOf(definition)
    .flatMap(findVariables)
    .flatMap(({ name, argument }) => ((name === 'port' || name === 'url') && argument ? argument : []));
  return [...new Set(mentioned)].filter((id) => id !== definition.id);
}

/** The definition with the ids of the servers that it mentions changed. */
export function mapReferences(
  definition: ServerDefinition,
  change: (id: ServerId) => ServerId,
): ServerDefinition {
  const changed = (text: string): string =>
    text.replaceAll(variablePattern, (whole) =>
      findVariables(whole)
        .map(({ name, argument }) =>
          argument !== undefined && name !== 'env' ? `\${${name}:${change(argument)}}` : whole,
        )
        .join(''),
    );
  const { command, env } = definition;
  return {
    ...definition,
    env: mapValues(env, changed),
    command:
      command.kind === 'shell'
        ? { ...command, line: changed(command.line) }
        : { ...command, file: changed(command.file), args: command.args.map(changed) },
  };
}

/** Whether the definition says by `${port}` where its own port goes. */
export function usesOwnPort(definition: ServerDefinition): boolean {
  return textsOf(definition)
    .flatMap(findVariables)
    .some(({ name, argument }) => name === 'port' && argument === undefined);
}

/**
 * The definition with the values of its variables, for the start alone. Values never become part of what a shell acts
 * upon. Throws `badRequest`, naming the variable, when one has no value or cannot be passed safely.
 */
export function resolveVariables(definition: ServerDefinition, facts: VariableValues): ServerDefinition {
  if (!textsOf(definition).some((text) => findVariables(text).length > 0)) return definition;
  const valueOf = (variable: Variable): string => valueFor(variable, definition, facts);
  const filled = (text: string): string =>
    text.replaceAll(variablePattern, (whole) => findVariables(whole).map(valueOf).join(''));
  const env = mapValues(definition.env, filled);
  const { command } = definition;
  if (command.kind === 'argv') {
    return {
      ...definition,
      command: { ...command, file: filled(command.file), args: command.args.map(filled) },
      env,
    };
  }
  const values = findVariables(command.line).map((variable) => {
    const { text, index } = variable;
    return { text, index, value: valueOf(variable) };
  });
  const passed = substituteValues(command.line, values, command.shell ?? facts.shell);
  return { ...definition, command: { ...command, line: passed.line }, env: { ...env, ...passed.env } };
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** The texts that may hold variables. */
function textsOf({ command, env, source }: ServerDefinition): readonly string[] {
  // In what was found they are nothing but text: a script may have any name.
  return source === 'settings' || source === 'configuration'
    ? [...wordsOf(command), ...Object.values(env)]
    : [];
}

function wordsOf(command: ServerCommand): readonly string[] {
  return command.kind === 'shell' ? [command.line] : [command.file, ...command.args];
}

function valueFor(
  { text, name, argument }: Variable,
  definition: ServerDefinition,
  facts: VariableValues,
): string {
  const value = knownValue(name, argument, definition, facts);
  if (value !== undefined) return value;
  const what = argument === undefined ? 'no port is set' : `${argument} has none now`;
  throw new ServerError('badRequest', `${serverTitle(definition)} needs ${text}, but ${what}.`);
}

function knownValue(
  name: string,
  argument: string | undefined,
  definition: ServerDefinition,
  facts: VariableValues,
): string | undefined {
  switch (name) {
    case 'workspaceFolder':
      return facts.workspaceFolder;
    case 'workspaceFolderBasename':
      return facts.workspaceFolder.replace(/[\\/]+$/u, '').replace(/^.*[\\/]/u, '');
    case 'env':
      // As in tasks and launch configurations, one that is not set is empty.
      return facts.env(argument ?? '') ?? '';
    case 'url':
      return withoutSlash(facts.addressOf(argument ?? ''));
    default:
      return argument === undefined || argument === definition.id
        ? facts.port?.toString()
        : portOf(facts.addressOf(argument));
  }
}

/** So that `${url:api}/v1` has one slash. */
function withoutSlash(address: string | undefined): string | undefined {
  return address?.replace(/^(\w+:\/\/[^/]+)\/$/u, '$1');
}

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

function portOf(address: string | undefined): string | undefined {
  const [, scheme = '', port] =
    /^(\w+):\/\/(?:\[[^\]]*\]|[^/:?#]*)(?::(\d+))?(?=[/?#]|$)/u.exec(address ?? '') ?? [];
  return port ?? defaultPorts[scheme];
}
