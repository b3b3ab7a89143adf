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
  const references = textsWithVariables(definition)
    .flatMap(findVariables)
    .flatMap(({ name, argument }) => ((name === 'port' || name === 'url') && argument ? argument : []));
  return [...new Set(references)].filter((id) => id !== definition.id);
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
  return textsWithVariables(definition)
    .flatMap(findVariables)
    .some(({ name, argument }) => name === 'port' && argument === undefined);
}

/**
 * The definition with the values of its variables, for the start alone. Values never become part of what a shell acts
 * upon. Throws `badRequest`, naming the variable, when one has no value or cannot be passed safely.
 */
export function resolveVariables(definition: ServerDefinition, values: VariableValues): ServerDefinition {
  if (!textsWithVariables(definition).some((text) => findVariables(text).length > 0)) return definition;
  const valueOf = (variable: Variable): string => requireValue(variable, definition, values);
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
  const substitutions = findVariables(command.line).map((variable) => {
    const { text, index } = variable;
    return { text, index, value: valueOf(variable) };
  });
  const substituted = substituteValues(command.line, substitutions, command.shell ?? values.shell);
  return {
    ...definition,
    command: { ...command, line: substituted.line },
    env: { ...env, ...substituted.env },
  };
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** The texts that may hold variables. */
function textsWithVariables({ command, env, source }: ServerDefinition): readonly string[] {
  // In what was found they are nothing but text: a script may have any name.
  return source === 'settings' || source === 'configuration'
    ? [...commandTexts(command), ...Object.values(env)]
    : [];
}

function commandTexts(command: ServerCommand): readonly string[] {
  return command.kind === 'shell' ? [command.line] : [command.file, ...command.args];
}

function requireValue(
  { text, name, argument }: Variable,
  definition: ServerDefinition,
  values: VariableValues,
): string {
  const value = findValue(name, argument, definition, values);
  if (value !== undefined) return value;
  const problem = argument === undefined ? 'no port is set' : `${argument} has none now`;
  throw new ServerError('badRequest', `${serverTitle(definition)} needs ${text}, but ${problem}.`);
}

function findValue(
  name: string,
  argument: string | undefined,
  definition: ServerDefinition,
  values: VariableValues,
): string | undefined {
  switch (name) {
    case 'workspaceFolder':
      return values.workspaceFolder;
    case 'workspaceFolderBasename':
      return values.workspaceFolder.replace(/[\\/]+$/u, '').replace(/^.*[\\/]/u, '');
    case 'env':
      // As in tasks and launch configurations, one that is not set is empty.
      return values.env(argument ?? '') ?? '';
    case 'url':
      return withoutTrailingSlash(values.addressOf(argument ?? ''));
    default:
      return argument === undefined || argument === definition.id
        ? values.port?.toString()
        : portInAddress(values.addressOf(argument));
  }
}

/** So that `${url:api}/v1` has one slash. */
function withoutTrailingSlash(address: string | undefined): string | undefined {
  return address?.replace(/^(\w+:\/\/[^/]+)\/$/u, '$1');
}

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

function portInAddress(address: string | undefined): string | undefined {
  const [, scheme = '', port] =
    /^(\w+):\/\/(?:\[[^\]]*\]|[^/:?#]*)(?::(\d+))?(?=[/?#]|$)/u.exec(address ?? '') ?? [];
  return port ?? defaultPorts[scheme];
}
