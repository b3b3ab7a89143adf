import type { Agent } from 'package-manager-detector';
import type { ServerDefinition } from '../core/server.js';
import type { Discovery, DiscoveryContext, DiscoveryProblem } from './discovery.js';
import { argumentPrefix, packageManagers, runCommand } from './packageManager.js';
import { packageFileIn, searchPackages, type Package } from './packageSearch.js';
import type { WorkspaceFiles } from './ports.js';

/**
 * Finds the servers among the scripts of a workspace folder's packages: by package folder, in each by rank. Nothing is
 * executed, and what is left out is among the problems. Rejects only when the search for packages itself fails.
 */
export async function discoverScripts(context: DiscoveryContext, files: WorkspaceFiles): Promise<Discovery> {
  const { packages, problems } = await searchPackages(context, files);
  const named = new Map(packages.flatMap(({ folder, agent }) => (agent ? [[folder, agent] as const] : [])));
  const managerOf = packageManagers({ named, files });
  const found = await Promise.all(
    packages.map(async (entry) => definitionsOf(entry, await managerOf(entry.folder), context)),
  );
  const { kept, repeated } = splitRepeated(found.flat());
  return {
    definitions: kept,
    problems: [
      ...problems,
      ...packages.flatMap(packageProblems),
      ...repeated.map(({ id, subfolder }) => ({
        file: packageFileIn(subfolder),
        reason: context.l10n.t('Another server is called "{0}" already.', id),
      })),
    ],
  };
}

function definitionsOf(
  { folder: subfolder, scripts }: Package,
  agent: Agent,
  { folder, paths }: DiscoveryContext,
): ServerDefinition[] {
  const place = subfolder === '' ? folder.name : `${folder.name}/${subfolder}`;
  const cwd = paths.resolve(folder.path, subfolder);
  return scripts.map(({ name, body }) => ({
    id: `${place}:${name}`,
    name,
    folder: folder.name,
    subfolder,
    command: runCommand(agent, name),
    cwd,
    env: {},
    port: undefined,
    source: 'scripts',
    script: { body, argumentPrefix: argumentPrefix(agent) },
  }));
}

function packageProblems({ folder, problems }: Package): DiscoveryProblem[] {
  return problems.map((reason) => ({ file: packageFileIn(folder), reason }));
}

/** A `:` in a folder's name can make two ids equal: `web:dev` in `apps`, and `dev` in `apps:web`. The first keeps it. */
function splitRepeated(definitions: readonly ServerDefinition[]): {
  kept: ServerDefinition[];
  repeated: ServerDefinition[];
} {
  const ids = new Set<string>();
  const kept: ServerDefinition[] = [];
  const repeated: ServerDefinition[] = [];
  for (const definition of definitions) {
    (ids.has(definition.id) ? repeated : kept).push(definition);
    ids.add(definition.id);
  }
  return { kept, repeated };
}
