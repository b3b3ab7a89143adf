import type { Registry } from '../../core/registry/registry.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { commandText, serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { browserUrl, isIdle } from '../../core/server/stateQueries.js';
import type { ServerId } from '../../core/server/identity.js';
import { showInformation } from '../display/messages.js';
import { pickItem } from '../display/picks.js';
import { openAddress } from '../openAddress.js';
import type { PreferredServers } from '../tree/preferredServers.js';
import type { ChosenWays } from '../workspace/chosenWays.js';
import type { Definitions } from '../workspace/definitions.js';
import { recentServers, type PickDeps } from './serverPick.js';

export interface StartCommandDeps extends PickDeps {
  readonly registry: Registry;
  readonly preferred: PreferredServers;
  readonly ways: ChosenWays;
  /** Opens the running server when it is ready. */
  readonly opener: { openRun(id: ServerId): void };
  readonly definitions: Pick<Definitions, 'reread'>;
  /** Starts a server for the user, and shows its terminal if the settings say so. */
  readonly startAndShow: (record: ServerRecord) => Promise<void>;
}

/** Starts a server unless it is running, and opens its address when it is ready. */
export async function startAndOpen(record: ServerRecord, deps: StartCommandDeps): Promise<void> {
  const { id } = record.definition;
  if (isIdle(record.state)) await deps.startAndShow(record);
  const state = deps.registry.find(id)?.state;
  if (!state || isIdle(state)) return;
  const url = browserUrl(state);
  if (url !== undefined && state.kind === 'ready' && !isIdle(record.state)) await openAddress(url);
  else deps.opener.openRun(id);
}

/** Lets the user choose one of several ways to start a server, remembers the choice, and starts the server. */
export async function startWith({ definition }: ServerRecord, deps: StartCommandDeps): Promise<void> {
  const { l10n, registry } = deps;
  const { alternatives = [], id } = definition;
  if (alternatives.length === 0) {
    void showInformation(l10n.t('There is no other way to start {0}.', serverTitle(definition)));
    return;
  }
  const ways = [definition, ...alternatives].map((way, index) =>
    wayItem(way, index === 0 ? l10n.t('current') : ''),
  );
  const chosen = await pickItem(ways, l10n.t('How to start {0}?', serverTitle(definition)));
  if (!chosen) return;
  if (chosen.way !== definition) {
    await deps.ways.choose(definition, chosen.way);
    await deps.definitions.reread(definition);
  }
  const record = registry.find(id);
  if (record && isIdle(record.state)) await deps.startAndShow(record);
}

/** Starts the server that the user started last. */
export async function runLast(deps: StartCommandDeps): Promise<void> {
  const { registry, preferred, l10n } = deps;
  const [last] = recentServers(registry.current.servers, preferred);
  if (!last) void showInformation(l10n.t('No server has been started in this workspace yet.'));
  else if (isIdle(last.state)) await deps.startAndShow(last);
  else void showInformation(l10n.t('{0} is already running.', serverTitle(last.definition)));
}

function wayItem(
  way: ServerDefinition,
  note: string,
): { readonly label: string; readonly description: string; readonly way: ServerDefinition } {
  const { command, file = '' } = way;
  const description = [file, note].filter((part) => part !== '').join(' · ');
  return { label: commandText(command), description, way };
}
