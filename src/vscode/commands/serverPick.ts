import { serverTitle } from '../../core/server/definition.js';
import { serverView, type ViewMoment } from '../../core/views/serverView.js';
import { groupLabel, groupServers } from '../../core/views/groups.js';
import type { Translator } from '../../core/common.js';
import { browserUrls } from '../../core/server/stateQueries.js';
import type { ServerRecord, Snapshot } from '../../core/registry/snapshot.js';
import { showInformation } from '../display/messages.js';
import { pickItem, type PickItem } from '../display/picks.js';

export interface ServerItem extends PickItem {
  readonly record?: ServerRecord;
}

export interface PickDeps {
  readonly l10n: Translator;
  readonly moment: () => ViewMoment;
}

/** Returns quick pick items for servers, with a separator for each group. */
export function serverItems(servers: Snapshot['servers'], { l10n, moment }: PickDeps): ServerItem[] {
  const items: ServerItem[] = [];
  for (const group of groupServers(servers)) {
    items.push({ kind: 'separator', label: groupLabel(group) });
    for (const record of group.servers) {
      const { icon, description } = serverView(record, moment(), l10n);
      items.push({ icon, label: serverTitle(record.definition), description, record });
    }
  }
  return items;
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
  const chosen = await pickItem(serverItems(servers, deps), placeHolder);
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
