import type { OrderedStart } from '../../core/dependencies/orderedStart.js';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { fullTitle } from '../../core/server/definition.js';
import { isSameServer, type ServerId } from '../../core/server/identity.js';
import type { OtherWindows, RecordedRun } from '../../core/server/otherWindows.js';
import { recordedTitle } from '../../core/server/titles.js';
import { isIdle } from '../../core/server/stateQueries.js';
import type { Translator } from '../../core/common.js';
import { showInformation } from '../display/messages.js';
import { pickItem, type PickItem } from '../display/picks.js';
import { timeOfDay } from '../display/timeOfDay.js';
import { notifyFailure } from '../notifications/failureNotifications.js';
import { openAddress } from '../openAddress.js';

export interface OtherWindowDeps {
  readonly processes: Pick<OtherWindows, 'list' | 'takeOver'>;
  readonly registry: Registry;
  readonly starts: OrderedStart;
  readonly l10n: Translator;
}

interface ActionItem extends PickItem {
  readonly act: () => Promise<unknown>;
}

/** Lists the servers of other windows, and those that are held for the next window, with the actions for each. */
export async function showOtherWindowServers(deps: OtherWindowDeps): Promise<void> {
  const { processes, l10n } = deps;
  const runs = await processes.list();
  if (runs.length === 0) {
    void showInformation(l10n.t('No other window runs a dev server.'));
    return;
  }
  const items = runs.map((run) => Object.assign(serverItem(run, deps), { run }));
  const chosen = await pickItem(items, l10n.t('Select a server in another window to open or stop'));
  if (!chosen) return;
  const action = await pickItem(actionsFor(chosen.run, deps), chosen.label);
  try {
    await action?.act();
  } catch (error) {
    notifyFailure(error, l10n);
  }
}

function serverItem({ server, url, heldUntil }: RecordedRun, deps: OtherWindowDeps): PickItem {
  const { l10n } = deps;
  const own = ownRecord(server, deps);
  const owner =
    heldUntil === undefined
      ? l10n.t('another window')
      : l10n.t('no window, stops at {0}', timeOfDay(heldUntil));
  const details = [url, owner, server.cwd].filter((part) => part !== undefined);
  return {
    icon: heldUntil === undefined ? 'window' : 'clock',
    label: own ? fullTitle(own.definition) : recordedTitle(server),
    description: details.join(' · '),
  };
}

function actionsFor({ server, url }: RecordedRun, deps: OtherWindowDeps): ActionItem[] {
  const { processes, l10n, starts } = deps;
  const stop = (): Promise<void> => processes.takeOver(server);
  const own = startableHere(server, deps);
  const open = { icon: 'link-external', label: l10n.t('Open in Browser') };
  const move = { icon: 'debug-restart', label: l10n.t('Stop and Start Here') };
  return [
    ...(url === undefined ? [] : [{ ...open, act: () => openAddress(url) }]),
    { icon: 'debug-stop', label: l10n.t('Stop'), act: stop },
    ...(own === undefined ? [] : [{ ...move, act: () => stop().then(() => starts.start(own)) }]),
  ];
}

/** Returns the id of the same server in this window if it does not run here. */
function startableHere(server: RecordedRun['server'], deps: OtherWindowDeps): ServerId | undefined {
  const own = ownRecord(server, deps);
  return own && isIdle(own.state) ? own.definition.id : undefined;
}

function ownRecord(server: RecordedRun['server'], { registry }: OtherWindowDeps): ServerRecord | undefined {
  return registry.current.servers.find(({ definition }) => isSameServer(definition, server));
}
