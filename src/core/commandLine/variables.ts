import { ServerError } from '../server/errors.js';
import { folderName } from '../paths.js';
import { serverTitle, type ServerCommand, type ServerDefinition } from '../server/definition.js';
import { substituteValues } from './substitute.js';
import type { ServerId } from '../server/identity.js';
import { untranslated } from '../text.js';

/** Sources of the values of variables. */
export interface VariableValues {
  /** Absolute path of the server's workspace folder. */
  readonly workspaceFolder: string;
  /** Shell for the command lines of servers that name none. */
  readonly shell: string;
  /** Port on which the server itself is to listen, if that is known. */
  readonly port: number | undefined;
  /** Returns a variable of the editor's environment. */
  env(name: string): string | undefined;
  /** Returns the address of another server that is ready; `undefined` if there is none. */
  addressOf(id: ServerId): string | undefined;
}

/** A `${…}` that this module replaces; any other one is left to the shell. */
export interface Variable {
  readonly text: string;
  readonly name: string;
  /** Text after the colon. */
  readonly argument: string | undefined;
  readonly index: number;
}

const variablePattern =
  /\$\{(?:(?<plain>workspaceFolder|workspaceFolderBasename|port)|(?<name>env|port|url):(?<argument>[^{}]+))\}/gu;

/** Returns the variables of a text, in their order. */
export function findVariables(text: string): Variable[] {
  return [...text.matchAll(variablePattern)].map(({ 0: whole, index, groups = {} }) => ({
    text: whole,
    name: groups['plain'] ?? groups['name'] ?? '',
    argument: groups['argument'],
    index,
  }));
}

/** Returns the other servers whose ports or addresses a definition refers to, each once; they must be ready first. */
export function referencedServers(definition: ServerDefinition): ServerId[] {
  const references = textsWithVariables(definition)
    .flatMap(findVariables)
    .flatMap(({ name, argument }) => ((name === 'port' || name === 'url') && argument ? argument : []));
  return [...new Set(references)].filter((id) => id !== definition.id);
}

/** Returns the definition with the ids of the servers that it refers to mapped by `change`. */
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

/** Returns whether the definition contains `${port}` for its own port. */
export function usesOwnPort(definition: ServerDefinition): boolean {
  return textsWithVariables(definition)
    .flatMap(findVariables)
    .some(({ name, argument }) => name === 'port' && argument === undefined);
}

/**
 * Returns the definition with its variables resolved, for one start. A shell never interprets a value. Throws
 * `badRequest`, naming the variable, if one has no value or cannot be passed safely.
 */
export function resolveVariables(definition: ServerDefinition, values: VariableValues): ServerDefinition {
  if (!textsWithVariables(definition).some((text) => findVariables(text).length > 0)) return definition;
  const valueOf = (variable: Variable): string => requireValue(variable, definition, values);
  const resolved = (text: string): string =>
    text.replaceAll(variablePattern, (whole) => findVariables(whole).map(valueOf).join(''));
  const env = mapValues(definition.env, resolved);
  const { command } = definition;
  if (command.kind === 'argv') {
    return {
      ...definition,
      command: { ...command, file: resolved(command.file), args: command.args.map(resolved) },
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

/** Returns the texts in which variables are resolved. */
function textsWithVariables({ command, env, source }: ServerDefinition): readonly string[] {
  // In discovered servers they are literal: a script may have any name.
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
  const title = serverTitle(definition);
  throw new ServerError(
    'badRequest',
    argument === undefined
      ? untranslated('{0} needs {1}, but no port is set.', title, text)
      : untranslated('{0} needs {1}, but {2} has none at the moment.', title, text, argument),
  );
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
      return folderName(values.workspaceFolder);
    case 'env':
      // As in tasks and launch configurations, an unset variable is empty.
      return values.env(argument ?? '') ?? '';
    case 'url':
      return withoutTrailingSlash(values.addressOf(argument ?? ''));
    default:
      return argument === undefined || argument === definition.id
        ? values.port?.toString()
        : portInAddress(values.addressOf(argument));
  }
}

/** Removes the slash of a bare address, so that `${url:api}/v1` has one slash. */
function withoutTrailingSlash(address: string | undefined): string | undefined {
  return address?.replace(/^(\w+:\/\/[^/]+)\/$/u, '$1');
}

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

function portInAddress(address: string | undefined): string | undefined {
  const [, scheme = '', port] =
    /^(\w+):\/\/(?:\[[^\]]*\]|[^/:?#]*)(?::(\d+))?(?=[/?#]|$)/u.exec(address ?? '') ?? [];
  return port ?? defaultPorts[scheme];
}
