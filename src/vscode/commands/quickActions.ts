import { commands } from 'vscode';
import { serverTitle } from '../../core/server/definition.js';
import type { Registry } from '../../core/registry/registry.js';
import { pickItem, type PickItem } from '../display/picks.js';
import { pickBySearch } from '../display/searchPick.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import { serverItems, type PickDeps, type ServerItem } from './serverPick.js';
import type { ServerState } from '../../core/server/state.js';
import type { Translator } from '../../core/common.js';
import {
  hasTerminal,
  isDismissable,
  isIdle,
  isStoppable,
  browserUrl,
} from '../../core/server/stateQueries.js';

interface ActionItem extends PickItem {
  readonly command: string;
}

/** Shows the menu of the status bar: the servers, and actions for all of them. */
export async function showQuickActions(
  registry: Registry,
  hidden: HiddenServers,
  deps: PickDeps,
): Promise<void> {
  const { l10n } = deps;
  const servers = hidden.shown(registry.current.servers);
  const general: ActionItem[] = [
    ...(servers.some(({ state }) => isStoppable(state))
      ? [{ icon: 'stop-circle', label: l10n.t('Stop All'), command: 'devServers.stopAll' }]
      : []),
    { icon: 'list-tree', label: l10n.t('Show Dev Servers View'), command: 'devServers.servers.focus' },
    { icon: 'gear', label: l10n.t('Configure…'), command: 'devServers.configure' },
  ];
  const chosen = await pickBySearch<ServerItem | ActionItem>(
    [...serverItems(servers, deps), { kind: 'separator', label: l10n.t('all servers') }, ...general],
    l10n.t('Select a server to start, open or stop'),
  );
  if (!chosen) return;
  if ('command' in chosen) await commands.executeCommand(chosen.command);
  else if ('record' in chosen && chosen.record)
    await showActions(chosen.record.definition.id, registry, deps);
}

/** Shows the actions for a server. A server that is down without a crash is started at once. */
async function showActions(id: string, registry: Registry, { l10n }: PickDeps): Promise<void> {
  const { definition, state } = registry.get(id);
  if (!isStoppable(state) && state.kind !== 'crashed') {
    await commands.executeCommand('devServers.start', id);
    return;
  }
  const chosen = await pickItem(actionsFor(state, l10n), serverTitle(definition));
  if (chosen) await commands.executeCommand(chosen.command, id);
}

function actionsFor(state: ServerState, l10n: Translator): ActionItem[] {
  const offers: readonly (readonly [boolean, ActionItem])[] = [
    [isIdle(state), { icon: 'play', label: l10n.t('Start'), command: 'devServers.start' }],
    [
      browserUrl(state) !== undefined,
      { icon: 'link-external', label: l10n.t('Open in Browser'), command: 'devServers.openUrl' },
    ],
    [
      browserUrl(state) !== undefined,
      { icon: 'copy', label: l10n.t('Copy URL'), command: 'devServers.copyUrl' },
    ],
    [
      hasTerminal(state),
      { icon: 'terminal', label: l10n.t('Show Terminal'), command: 'devServers.showTerminal' },
    ],
    [
      state.kind !== 'queued',
      { icon: 'output', label: l10n.t('Show Log'), command: 'devServers.showServerLog' },
    ],
    [
      isStoppable(state) && state.kind !== 'queued',
      { icon: 'debug-restart', label: l10n.t('Restart'), command: 'devServers.restart' },
    ],
    [isStoppable(state), { icon: 'debug-stop', label: l10n.t('Stop'), command: 'devServers.stop' }],
    [isDismissable(state), { icon: 'close', label: l10n.t('Dismiss'), command: 'devServers.dismiss' }],
  ];
  return offers.flatMap(([isOffered, item]) => (isOffered ? item : []));
}
