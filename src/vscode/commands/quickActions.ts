import { commands } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import { pickItem, type PickItem } from '../display/picks.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import { serverItems, type PickDeps, type ServerItem } from './serverPick.js';
import { hasTerminal, isStoppable, browserUrl } from '../../core/server/stateQueries.js';

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
  const chosen = await pickItem<ServerItem | ActionItem>(
    [...serverItems(servers, deps), { kind: 'separator', label: l10n.t('all servers') }, ...general],
    l10n.t('Select a server to start, open or stop'),
    { matchOnDescription: true },
  );
  if (!chosen) return;
  if ('command' in chosen) await commands.executeCommand(chosen.command);
  else if ('record' in chosen && chosen.record)
    await showActions(chosen.record.definition.id, registry, deps);
}

/** Shows the actions for a server. An idle server is started at once, since there is no other action. */
async function showActions(id: string, registry: Registry, { l10n }: PickDeps): Promise<void> {
  const { definition, state } = registry.get(id);
  if (!isStoppable(state)) {
    await commands.executeCommand('devServers.start', id);
    return;
  }
  const actions: ActionItem[] = [
    ...(browserUrl(state) !== undefined
      ? [
          { icon: 'link-external', label: l10n.t('Open in Browser'), command: 'devServers.openUrl' },
          { icon: 'copy', label: l10n.t('Copy URL'), command: 'devServers.copyUrl' },
        ]
      : []),
    ...(hasTerminal(state)
      ? [{ icon: 'terminal', label: l10n.t('Show Terminal'), command: 'devServers.showTerminal' }]
      : []),
    ...(state.kind === 'queued'
      ? []
      : [{ icon: 'debug-restart', label: l10n.t('Restart'), command: 'devServers.restart' }]),
    { icon: 'debug-stop', label: l10n.t('Stop'), command: 'devServers.stop' },
  ];
  const chosen = await pickItem(actions, definition.id);
  if (chosen) await commands.executeCommand(chosen.command, id);
}
