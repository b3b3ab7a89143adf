import { fullTitle, serverTitle } from '../../core/server/definition.js';
import { serverView, type ViewMoment } from '../../core/views/serverView.js';
import type { Preferences } from '../../core/views/groupOrder.js';
import { groupLabel, groupServers } from '../../core/views/groups.js';
import { declaredAddress, searchText } from '../../core/views/serverSearch.js';
import type { Translator } from '../../core/common.js';
import { browserUrls, isIdle } from '../../core/server/stateQueries.js';
import type { ServerRecord, Snapshot } from '../../core/registry/snapshot.js';
import { showInformation } from '../display/messages.js';
import { pickItem } from '../display/picks.js';
import { pickBySearch, type SearchItem } from '../display/searchPick.js';

export interface ServerItem extends SearchItem {
  readonly record?: ServerRecord;
}

export interface PickDeps {
  readonly l10n: Translator;
  readonly moment: () => ViewMoment;
  readonly preferred: Preferences;
}

/** Returns quick pick items for servers: recently used ones first, then the others with a separator for each group. */
export function serverItems(servers: Snapshot['servers'], deps: PickDeps): ServerItem[] {
  const { preferred, l10n } = deps;
  const recent = recentServers(servers, preferred);
  const others = groupServers(servers.filter((record) => !recent.includes(record)));
  const items: ServerItem[] = [];
  const add = (label: string, records: readonly ServerRecord[]): void => {
    if (records.length > 0) items.push({ kind: 'separator', label });
    for (const record of records) items.push(serverItem(record, deps));
  };
  add(l10n.t('recently used'), recent);
  for (const group of others) add(groupLabel(group), group.servers);
  return items;
}

/** Returns the servers that the user has started, the most recent one first. */
export function recentServers(
  servers: readonly ServerRecord[],
  preferred: Preferences,
): readonly ServerRecord[] {
  const used = servers.flatMap((record) => {
    const recency = preferred.recency(record.definition);
    return recency === undefined ? [] : { record, recency };
  });
  return used.toSorted((one, other) => one.recency - other.recency).map(({ record }) => record);
}

function serverItem(record: ServerRecord, { l10n, moment }: PickDeps): ServerItem {
  const { definition, state } = record;
  const { icon, description } = serverView(record, moment(), l10n);
  const port = isIdle(state) ? declaredAddress(definition) : '';
  // The label shows the last part of it.
  const folder = definition.subfolder.includes('/') ? definition.subfolder : '';
  return {
    icon,
    label: fullTitle(definition),
    description: [description || l10n.t('stopped'), port, folder].filter((part) => part !== '').join(' · '),
    searchText: searchText(record),
    record,
  };
}

/** Lets the user choose a server; `undefined` if there is none to choose or the user cancels. */
export async function pickServer(
  servers: readonly ServerRecord[],
  placeHolder: string,
  deps: PickDeps,
): Promise<ServerRecord | undefined> {
  if (servers.length === 0) {
    void showInformation(deps.l10n.t('No dev server is available for this action.'));
    return undefined;
  }
  const chosen = await pickBySearch(serverItems(servers, deps), placeHolder);
  return chosen?.record;
}

/** Lets the user choose among the addresses of a server that has several; `undefined` if the user cancels. */
export async function pickUrl(record: ServerRecord, l10n: Translator): Promise<string | undefined> {
  const urls = browserUrls(record.state);
  if (urls.length < 2) return urls[0];
  const placeHolder = l10n.t('Select a URL of {0}', serverTitle(record.definition));
  const chosen = await pickItem(
    urls.map((url) => ({ label: url, url })),
    placeHolder,
  );
  return chosen?.url;
}
