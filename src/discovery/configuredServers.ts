import * as v from 'valibot';
import type { ServerDefinition } from '../core/server.js';
import type { Discovery, DiscoveryContext } from './discovery.js';
import { insideFolder } from './insideFolder.js';
import { serverEntrySchema, type ServerEntry } from './serverEntry.js';

/** An entry that is right, or the reasons why it is not. */
type Judged =
  { readonly definition: ServerDefinition } | { readonly faults: readonly string[]; readonly label: string };

/**
 * Reads the servers a person wrote in the settings. A wrong entry is one problem and the others are used. `setting` is
 * the name that problems give, e.g. `devServers.servers`.
 */
export function parseConfiguredServers(
  value: unknown,
  context: DiscoveryContext,
  setting: string,
): Discovery {
  if (value === undefined || value === null) return { definitions: [], problems: [] };
  const { l10n } = context;
  if (!Array.isArray(value)) {
    return { definitions: [], problems: [{ file: setting, reason: l10n.t('It is not a list of servers.') }] };
  }
  const ids = new Set<string>();
  const judged = value.map((entry: unknown) => judge(entry, ids, context));
  return {
    definitions: judged.flatMap((result) => ('definition' in result ? result.definition : [])),
    problems: judged.flatMap((result, index) =>
      'faults' in result
        ? { file: `${setting}[${index}]`, reason: `${result.label}${result.faults.join('; ')}.` }
        : [],
    ),
  };
}

/** Adds the id of a good entry to `ids`, which has those of the entries before it. */
function judge(entry: unknown, ids: Set<string>, context: DiscoveryContext): Judged {
  const parsed = v.safeParse(serverEntrySchema(context.l10n), entry);
  const label = labelOf(entry);
  if (!parsed.success) return { faults: [...new Set(parsed.issues.map(({ message }) => message))], label };
  const { id, cwd } = parsed.output;
  if (ids.has(id)) return { faults: [context.l10n.t('the "id" belongs to an earlier server')], label };
  const folder = workingFolder(cwd, context);
  if (folder === undefined)
    return { faults: [context.l10n.t('"cwd" is outside the workspace folder')], label };
  ids.add(id);
  return { definition: definitionOf(parsed.output, folder, context) };
}

/** People know `${workspaceFolder}` from tasks and launch configurations. */
function workingFolder(cwd: string | undefined, { folder, paths }: DiscoveryContext): string | undefined {
  const path = (cwd ?? '').replace(/^\$\{workspaceFolder\}/u, () => folder.path);
  return insideFolder(folder.path, path, paths);
}

function definitionOf(
  { id, name, command, env, port, ready, stopSignal, stopTimeout, restart }: ServerEntry,
  cwd: string,
  { folder }: DiscoveryContext,
): ServerDefinition {
  return {
    id: `${folder.name}:${id}`,
    name: name ?? id,
    folder: folder.name,
    subfolder: '',
    command: { kind: 'shell', line: command },
    cwd,
    env: env ?? {},
    port,
    source: 'settings',
    overrides: {
      stopSignal,
      stopTimeout,
      restart,
      ready: ready && { http: ready.http, tcp: ready.tcp, log: ready.log, timeout: ready.timeout },
    },
  };
}

/** Says which entry is meant where it has an id, since a person knows it by that and not by its index. */
function labelOf(entry: unknown): string {
  const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
  return typeof id === 'string' && id !== '' ? `${JSON.stringify(id)}: ` : '';
}
