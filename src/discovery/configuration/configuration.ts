import type { ServerDefinition } from '../../core/server/definition.js';
import { parseConfigurationFile, type ConfigurationFile } from './configurationFile.js';
import { configurationPath } from './configurationPath.js';
import { parseServers } from './configuredServers.js';
import type { DiscoveryContext } from '../files/discoveryResult.js';
import type { EntryProblem, ReferenceProblem } from './entryProblem.js';
import { resolveReferences } from './resolveReferences.js';
import type { FileContent } from '../files/workspaceFiles.js';
import { capped } from '../files/capped.js';
import { maxProblemsPerFile } from '../files/limits.js';
import type { EntryPlatform } from './serverEntry.js';
import type { TextRange } from './textRange.js';
import type { EntryContext, ConfiguredServer } from './configuredServer.js';
import { scriptRunner, type ScriptFiles } from './configuredScripts.js';
import { isObject } from '../files/isObject.js';

/** The setting that holds the user's own servers. */
export const serversSetting = 'devServers.servers';

interface ConfigurationFiles extends ScriptFiles {
  /** Returns whether a file exists at this absolute path. */
  exists(path: string): Promise<boolean>;
}

/** Inputs from which the servers of a folder are read. */
export interface ConfigurationSources {
  readonly context: DiscoveryContext & { readonly platform: EntryPlatform };
  /** Unvalidated value of the setting. */
  readonly settings: unknown;
  /** Result of reading the configuration file. */
  readonly file: FileContent;
  readonly discovered: readonly ServerDefinition[];
  readonly files: ConfigurationFiles;
}

/** A problem in the settings or in the configuration file. */
export interface ConfigurationProblem {
  /** The file, or the setting with an index, e.g. `devServers.servers[2]`. */
  readonly location: string;
  /** A sentence in the user's language. */
  readonly reason: string;
  /** Differs for each entry of a location. */
  readonly entry: string;
  /** Id of the server, if it has one. */
  readonly label: string | undefined;
  /** Range in the file; missing for a problem in the settings. */
  readonly range?: TextRange;
  readonly isWarning: boolean;
  /** Set if the JSON schema finds it, so that the editor itself reports it while the file is open. */
  readonly isSchemaProblem: boolean;
}

/** All servers of a folder, and the problems of its configuration. */
export interface Configuration {
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly ConfigurationProblem[];
}

/** Merges the configured servers with the discovered ones. Never rejects: an unusable entry becomes a problem. */
export async function readConfiguration(sources: ConfigurationSources): Promise<Configuration> {
  const { context, discovered } = sources;
  const personal: EntryContext = { ...context, source: 'settings' };
  const shared: EntryContext = { ...context, source: 'configuration', file: configurationPath };
  const file = parseFile(sources.file, shared);
  const configured = parseServers(sources.settings, [], personal);
  const settings = await resolveScripts(configured.servers, sources);
  const configuration = await resolveScripts(file.servers, sources);
  const linked = resolveReferences({
    folder: context.folder.name,
    discovered,
    settings: settings.servers,
    configuration: configuration.servers,
    groups: file.groups,
    l10n: context.l10n,
  });
  const problemsFrom = (source: ReferenceProblem['source']): readonly EntryProblem[] =>
    linked.problems.filter((problem) => problem.source === source);
  return {
    definitions: linked.definitions,
    problems: [
      ...settingProblems(
        firstProblems([...configured.problems, ...settings.problems, ...problemsFrom('settings')], context),
        sources.settings,
      ),
      ...fileProblems(
        firstProblems(
          [...file.problems, ...configuration.problems, ...problemsFrom('configuration')],
          context,
        ),
        file,
      ),
    ],
  };
}

function parseFile(file: FileContent, context: EntryContext): ConfigurationFile {
  if (file.kind === 'text') return parseConfigurationFile(file.text, context);
  const problems = file.kind === 'absent' ? [] : [{ path: [], reason: exclusionReason(file, context) }];
  return { servers: [], groups: [], problems, json: undefined };
}

function exclusionReason(
  file: Exclude<FileContent, { readonly kind: 'text' | 'absent' }>,
  { l10n }: EntryContext,
): string {
  return file.kind === 'tooLarge'
    ? l10n.t('It is larger than 1 MiB')
    : l10n.t('It cannot be read: {0}', file.reason);
}

/** Adds the commands of scripts, and the problems that only the files of the workspace reveal. */
async function resolveScripts(
  servers: readonly ConfiguredServer[],
  { context, files }: ConfigurationSources,
): Promise<{ readonly servers: readonly ConfiguredServer[]; readonly problems: readonly EntryProblem[] }> {
  const run = scriptRunner(context, files);
  const results = await Promise.all(servers.map(run));
  const usable = results.flatMap(({ server }) => server ?? []);
  const missing = await Promise.all(usable.map((server) => missingEnvFiles(server, context, files)));
  return {
    servers: usable,
    problems: [
      ...results.flatMap((result) => ('problem' in result ? result.problem : [])),
      ...missing.flat(),
    ],
  };
}

/** Reports missing files as warnings only: often each developer creates them locally. */
async function missingEnvFiles(
  { definition: { envFiles = [] }, propertyPath }: ConfiguredServer,
  { folder, paths, l10n }: DiscoveryContext,
  files: ConfigurationFiles,
): Promise<EntryProblem[]> {
  const exist = await Promise.all(envFiles.map((path) => files.exists(path).catch(() => false)));
  return envFiles.flatMap((path, index) => {
    const shown = paths.relative(folder.path, path).replaceAll(paths.sep, '/');
    const reason = l10n.t('the file {0} does not exist', shown);
    // A list of one file may be written as a string; then the nearest path is the string itself.
    const problem = { path: [...propertyPath('envFile'), index], reason, isWarning: true };
    return exist[index] === true ? [] : [problem];
  });
}

/** Returns the first problems: finding the positions of all of them would take too long. */
function firstProblems(
  problems: readonly EntryProblem[],
  { l10n }: DiscoveryContext,
): readonly EntryProblem[] {
  return capped(problems, maxProblemsPerFile, (excess) => {
    return { path: [], reason: l10n.t('There are {0} more problems', excess) };
  });
}

/** Combines the problems of each entry into one. */
function settingProblems(problems: readonly EntryProblem[], value: unknown): ConfigurationProblem[] {
  const groups = new Map<string, EntryProblem[]>();
  for (const problem of problems) {
    const key = `${problem.path[0] ?? ''} ${problem.isWarning === true}`;
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].map((group): ConfigurationProblem => {
    const index = group[0]?.path[0];
    return {
      location: index === undefined ? serversSetting : `${serversSetting}[${index}]`,
      entry: String(index),
      label: entryId(value, index),
      reason: `${group.map(({ reason }) => reason).join('; ')}.`,
      isWarning: group.every(({ isWarning }) => isWarning === true),
      isSchemaProblem: group.every(({ isSchemaProblem }) => isSchemaProblem === true),
    };
  });
}

function fileProblems(
  problems: readonly EntryProblem[],
  { json }: ConfigurationFile,
): ConfigurationProblem[] {
  const servers = json && isObject(json.value) ? json.value['servers'] : undefined;
  return problems.map(({ path, reason, range, isWarning, isSchemaProblem, ...part }) => ({
    location: configurationPath,
    entry: path.slice(0, 2).join('.'),
    label: path[0] === 'servers' ? entryId(servers, path[1]) : undefined,
    reason: `${reason}.`,
    range: range ?? json?.locate(path, part) ?? { offset: 0, length: 0 },
    isWarning: isWarning === true,
    isSchemaProblem: isSchemaProblem === true,
  }));
}

/** Returns the id of an entry, since users know entries by id and not by index. */
function entryId(servers: unknown, index: string | number | undefined): string | undefined {
  const entry: unknown = Array.isArray(servers) && typeof index === 'number' ? servers[index] : undefined;
  const id = isObject(entry) ? entry['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Returns the text of a problem for logs and notifications. */
export function problemText({ label, reason }: ConfigurationProblem): string {
  return label === undefined ? reason : `${JSON.stringify(label)}: ${reason}`;
}

/** Combines the problems of each entry, since the message to the user counts the entries that are left out. */
export function problemsByEntry(problems: readonly ConfigurationProblem[]): ConfigurationProblem[] {
  const entries = new Map<string, ConfigurationProblem>();
  for (const problem of problems) {
    const key = `${problem.location} ${problem.entry}`;
    const other = entries.get(key);
    entries.set(key, other ? { ...other, reason: `${other.reason} ${problem.reason}` } : problem);
  }
  return [...entries.values()];
}
