import { usesOwnPort } from '../../core/commandLine/variables.js';
import { folderName, relativeInside } from '../../core/paths.js';
import { declaredPort } from '../../core/tcpPorts/declaredPort.js';
import type { ServerCommand, ServerDefinition } from '../../core/server/definition.js';
import type { DiscoveryContext } from '../files/discoveryResult.js';
import type { EntryPath, EntryProblem } from './entryProblem.js';
import { scriptNameProblem } from '../scripts/scriptName.js';
import type { EntryPlatform, ServerEntry } from './serverEntry.js';
import { qualifiedId } from './serverIds.js';
import { variableProblems } from './variableProblems.js';

/** Source of the entries, and the platform for which they are read. */
export interface EntryContext extends DiscoveryContext {
  readonly source: 'settings' | 'configuration';
  /** File that contains the entries, relative to the workspace folder. */
  readonly file?: string;
  readonly platform: EntryPlatform;
}

/** A server from the settings or the configuration file. Its references to other servers are not resolved yet. */
export interface ConfiguredServer {
  readonly definition: ServerDefinition;
  readonly path: EntryPath;
  /** Script for which a command must still be found. */
  readonly script: { readonly name: string; readonly args: readonly string[] } | undefined;
  /** Returns the path of a property of the entry. */
  readonly propertyPath: (key: string) => EntryPath;
}

/** Result of parsing an entry. It has a server unless a problem is more than a warning. */
export interface ParsedEntry {
  readonly server: ConfiguredServer | undefined;
  readonly problems: readonly EntryProblem[];
}

/** Creates a server from an entry that matches the schema. */
export function parseEntry(entry: ServerEntry, path: EntryPath, context: EntryContext): ParsedEntry {
  const { platform } = context;
  const { linux: _linux, osx: _osx, windows: _windows, ...common } = entry;
  const platformEntry = entry[platform] ?? {};
  const merged = { ...common, ...platformEntry, env: { ...common.env, ...platformEntry.env } };
  const propertyPath = (key: string): EntryPath =>
    Object.hasOwn(platformEntry, key) ? [...path, platform, key] : [...path, key];
  const cwd = workingFolder(merged.cwd, context);
  const problems = [
    ...commandProblems(merged, propertyPath, context),
    ...pathProblems(merged, cwd, propertyPath, context),
  ];
  if (problems.length > 0) return { server: undefined, problems };
  const definition = entryDefinition(merged, cwd ?? context.folder.path, context);
  if (usesOwnPort(definition) && declaredPort(definition) === undefined) {
    const reason = context.l10n.t('{0} needs "port"', '${port}');
    return { server: undefined, problems: [{ path, excerpt: '${port}', reason }] };
  }
  const script = merged.script === undefined ? undefined : { name: merged.script, args: merged.args ?? [] };
  return {
    server: { definition, path, script, propertyPath },
    problems: variableProblems(definition, propertyPath, context.l10n),
  };
}

type MergedEntry = Omit<ServerEntry, EntryPlatform>;

function commandProblems(
  { command, script, args, shell }: MergedEntry,
  propertyPath: (key: string) => EntryPath,
  { l10n }: EntryContext,
): readonly EntryProblem[] {
  if (script === undefined && command === undefined) {
    return [{ path: propertyPath('id').slice(0, -1), reason: l10n.t('"command" or "script" is missing') }];
  }
  const usesShell = shell !== undefined && shell !== false;
  const conflicts: readonly (readonly [boolean, string, string])[] = [
    [script !== undefined && command !== undefined, 'script', 'command'],
    [script !== undefined && usesShell, 'shell', 'script'],
    [args !== undefined && usesShell, 'shell', 'args'],
  ];
  const wrong = conflicts.find(([isWrong]) => isWrong);
  if (wrong) {
    const [, key, other] = wrong;
    return [
      { path: propertyPath(key), reason: l10n.t('"{0}" and "{1}" cannot be used together', key, other) },
    ];
  }
  const reason = script === undefined ? undefined : scriptNameProblem(script, l10n);
  return reason === undefined
    ? []
    : [{ path: propertyPath('script'), reason: l10n.t('"{0}" cannot be used: {1}', 'script', reason) }];
}

function pathProblems(
  { cwd: cwdText, envFile }: MergedEntry,
  cwd: string | undefined,
  propertyPath: (key: string) => EntryPath,
  { l10n }: EntryContext,
): readonly EntryProblem[] {
  const texts = [
    ['cwd', cwdText ?? ''] as const,
    ...asList(envFile).map((file) => ['envFile', file] as const),
  ];
  const problems = texts.flatMap(([key, text]): EntryProblem[] => {
    const variable = /\$\{[^${}]*\}/u.exec(resolveFolderVariables(text, ''))?.[0];
    const reason = l10n.t('{0} cannot be used in "{1}"', variable ?? '', key);
    return variable === undefined ? [] : [{ path: propertyPath(key), excerpt: variable, reason }];
  });
  if (problems.length > 0 || cwd !== undefined) return problems;
  return [{ path: propertyPath('cwd'), reason: l10n.t('"cwd" is outside the workspace folder') }];
}

function entryDefinition(entry: MergedEntry, cwd: string, context: EntryContext): ServerDefinition {
  const { folder, source, file } = context;
  return {
    id: qualifiedId(folder.name, entry.id),
    name: entry.name ?? entry.id,
    folder: folder.name,
    subfolder: '',
    command: entryCommand(entry),
    cwd,
    env: entry.env ?? {},
    port: entry.port,
    source,
    ...(file !== undefined && { file }),
    ...optionalFields(entry),
    ...resolvedEnvFiles(entry, context),
    overrides: entryOverrides(entry),
  };
}

/** Returns the properties that are present only if the entry sets them. */
function optionalFields({
  group,
  dependsOn = [],
  portArgument,
  url,
  autoStart,
  openWhenReady,
}: MergedEntry): Partial<ServerDefinition> {
  return {
    ...(group !== undefined && { group }),
    ...(dependsOn.length > 0 && { dependsOn }),
    ...(portArgument !== undefined && { portArgument }),
    ...(url !== undefined && { url: new URL(url).href }),
    ...(autoStart === true && { autoStart }),
    ...(openWhenReady === true && { openWhenReady }),
  };
}

function resolvedEnvFiles(
  { envFile }: MergedEntry,
  { folder, paths }: EntryContext,
): Partial<ServerDefinition> {
  const files = asList(envFile).map((path) =>
    paths.resolve(folder.path, resolveFolderVariables(path, folder.path)),
  );
  return files.length > 0 ? { envFiles: files } : {};
}

function entryOverrides({
  stopSignal,
  stopTimeout,
  restart,
  ready,
}: MergedEntry): NonNullable<ServerDefinition['overrides']> {
  return {
    stopSignal,
    stopTimeout,
    restart,
    ready: ready && { http: ready.http, tcp: ready.tcp, log: ready.log, timeout: ready.timeout },
  };
}

/**
 * Returns a shell line, or a command with arguments. Scripts get the command of npm until their package manager is
 * known.
 */
function entryCommand({ command = '', script, args, shell }: MergedEntry): ServerCommand {
  if (script !== undefined) return { kind: 'argv', file: 'npm', args: ['run', script] };
  if (args !== undefined || shell === false) return { kind: 'argv', file: command, args: args ?? [] };
  return { kind: 'shell', line: command, ...(typeof shell === 'string' && { shell }) };
}

/**
 * Returns the absolute working folder; `undefined` outside the workspace folder. Supports `${workspaceFolder}`, as
 * tasks and launch configurations do.
 */
function workingFolder(cwd: string | undefined, { folder, paths }: EntryContext): string | undefined {
  const absolute = paths.resolve(folder.path, resolveFolderVariables(cwd ?? '', folder.path));
  return relativeInside(folder.path, absolute, paths) === undefined ? undefined : absolute;
}

function resolveFolderVariables(path: string, folder: string): string {
  const name = folderName(folder);
  return path
    .replaceAll('${workspaceFolderBasename}', () => name)
    .replace(/^\$\{workspaceFolder\}/u, () => folder);
}

function asList(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? []);
}
