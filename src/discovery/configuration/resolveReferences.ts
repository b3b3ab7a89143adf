import type { ServerDefinition } from '../../core/server/definition.js';
import { referencedServers, mapReferences } from '../../core/commandLine/variables.js';
import type { ConfiguredGroup } from './configurationFile.js';
import { cycleProblems } from './dependencyCycles.js';
import type { ReferenceProblem } from './entryProblem.js';
import { mergeDefinitions } from './mergeDefinitions.js';
import { resolveId, qualifiedId, unqualifiedId } from './serverIds.js';
import type { ConfiguredServer } from './configuredServer.js';
import type { Translator } from '../../core/common.js';
import type { ServerId } from '../../core/server/identity.js';

/** Servers of one folder before their references are resolved. */
export interface FolderServers {
  readonly folder: string;
  readonly discovered: readonly ServerDefinition[];
  readonly settings: readonly ConfiguredServer[];
  readonly configuration: readonly ConfiguredServer[];
  readonly groups: readonly ConfiguredGroup[];
  readonly l10n: Translator;
}

/** All servers of a folder, and the problems of their references. */
export interface ResolvedServers {
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly ReferenceProblem[];
}

/**
 * Merges discovered and configured servers: the settings take precedence over the configuration file, and both over
 * discovery. References become full ids.
 */
export function resolveReferences(servers: FolderServers): ResolvedServers {
  const { folder, discovered, l10n } = servers;
  const configured = configuredById(servers);
  const definitions = mergeDefinitions(
    discovered,
    [...configured].map(([id, { definition }]) => withReplacedIdentity(id, definition, discovered)),
  );
  const known = new Set(definitions.map(({ id }) => id));
  const groups = groupMembers(servers, definitions);
  const problems: ReferenceProblem[] = [...groups.problems];
  const linked = definitions.map((definition) => {
    const entry = configured.get(definition.id);
    const grouped = withGroup(definition, groups.groupOf);
    if (!entry) return grouped;
    for (const problem of referenceProblems(definition, entry, known, l10n)) problems.push(problem);
    return withQualifiedIds(grouped, known);
  });
  const cycles = cycleProblems(linked, configured, (id) => unqualifiedId(folder, id), l10n);
  return { definitions: linked, problems: [...problems, ...cycles] };
}

/**
 * Returns the configured servers by their full ids, or by the ids of the servers that they replace. The settings take
 * precedence.
 */
function configuredById({
  folder,
  discovered,
  settings,
  configuration,
}: FolderServers): Map<ServerId, ConfiguredServer> {
  const found = new Set(discovered.map(({ id }) => id));
  const idOf = ({ definition }: ConfiguredServer): ServerId =>
    resolveId(folder, unqualifiedId(folder, definition.id), found) ?? definition.id;
  const entries = new Map(settings.map((entry) => [idOf(entry), entry]));
  for (const entry of configuration) if (!entries.has(idOf(entry))) entries.set(idOf(entry), entry);
  return entries;
}

/** Gives a server the id and the subfolder of the discovered one that it replaces. */
function withReplacedIdentity(
  id: ServerId,
  definition: ServerDefinition,
  discovered: readonly ServerDefinition[],
): ServerDefinition {
  const replaced = discovered.find((other) => other.id === id);
  return { ...definition, id, subfolder: replaced?.subfolder ?? definition.subfolder };
}

function referenceProblems(
  definition: ServerDefinition,
  { propertyPath, path }: ConfiguredServer,
  known: ReadonlySet<ServerId>,
  l10n: Translator,
): ReferenceProblem[] {
  const source = definition.source === 'settings' ? 'settings' : 'configuration';
  const isUnknown = (id: string): boolean => resolveId(definition.folder, id, known) === undefined;
  const needed = (definition.dependsOn ?? []).flatMap((id, index): ReferenceProblem[] =>
    isUnknown(id)
      ? [
          {
            source,
            path: [...propertyPath('dependsOn'), index],
            reason: l10n.t('there is no server "{0}"', id),
          },
        ]
      : [],
  );
  const mentioned = referencedServers(definition)
    .filter(isUnknown)
    .map((id): ReferenceProblem => ({
      source,
      path,
      excerpt: `:${id}}`,
      reason: l10n.t('there is no server "{0}"', id),
    }));
  return [...needed, ...mentioned];
}

/** Replaces references by full ids. An unknown id stays, so that a start reports it as missing. */
function withQualifiedIds(definition: ServerDefinition, known: ReadonlySet<ServerId>): ServerDefinition {
  const { folder, dependsOn } = definition;
  const qualified = (id: string): ServerId => resolveId(folder, id, known) ?? qualifiedId(folder, id);
  return {
    ...mapReferences(definition, qualified),
    ...(dependsOn && { dependsOn: [...new Set(dependsOn.map(qualified))] }),
  };
}

function withGroup(definition: ServerDefinition, groupOf: ReadonlyMap<ServerId, string>): ServerDefinition {
  const group = groupOf.get(definition.id);
  return group === undefined ? definition : { ...definition, group };
}

/** Returns the group of each server: the one that its entry names, or else the first that lists it. */
function groupMembers(
  { folder, groups, l10n }: FolderServers,
  definitions: readonly ServerDefinition[],
): { readonly groupOf: ReadonlyMap<ServerId, string>; readonly problems: readonly ReferenceProblem[] } {
  const known = new Set(definitions.map(({ id }) => id));
  const explicit = definitions.flatMap(({ id, group }) =>
    group === undefined ? [] : [[id, group] as const],
  );
  const groupOf = new Map<ServerId, string>(explicit);
  const problems: ReferenceProblem[] = [];
  for (const { name, members } of groups) {
    for (const [index, member] of members.entries()) {
      const id = resolveId(folder, member, known);
      const other = id === undefined ? undefined : groupOf.get(id);
      const location = { source: 'configuration' as const, path: ['groups', name, index] };
      if (id === undefined)
        problems.push({ ...location, reason: l10n.t('there is no server "{0}"', member) });
      else if (other === undefined) groupOf.set(id, name);
      else if (other !== name)
        problems.push({ ...location, reason: l10n.t('"{0}" is already in the group "{1}"', member, other) });
    }
  }
  return { groupOf, problems };
}
