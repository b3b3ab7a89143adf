import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { browserUrl, isDismissable } from '../../core/server/stateQueries.js';
import { fixWithChat } from '../agents/fixWithChat.js';
import type { SilencedNotices } from '../notifications/silencedNotices.js';
import type { PortAnswers } from '../tcpPorts/portAnswers.js';
import type { TreeElement } from '../tree/serverTree.js';
import { chooseServer, selectedServers, type ChooseDeps } from './chooseServer.js';
import type { CommandHandlers, CommandTarget } from './commandIds.js';
import { addServer, type ConfigurationCommandDeps } from './configurationCommands.js';
import { copyNetworkUrl, showQrCode, type NetworkUrlDeps } from './networkUrl.js';
import { goToDefinition } from './goToDefinition.js';
import { clickRow, copyCommand, dismiss, openSelectedRow, type RowCommandDeps } from './rowCommands.js';

export interface RowHandlerDeps extends ChooseDeps, RowCommandDeps, ConfigurationCommandDeps, NetworkUrlDeps {
  readonly lifecycle: Pick<Lifecycle, 'kill'>;
  readonly silenced: Pick<SilencedNotices, 'clear'>;
  readonly portAnswers: Pick<PortAnswers, 'clear'>;
}

const isDown = ({ state }: ServerRecord): boolean => isDismissable(state);

const isCrashed = ({ state }: ServerRecord): boolean => state.kind === 'crashed';

const hasUrl = ({ state }: ServerRecord): boolean => browserUrl(state) !== undefined;

const isStopping = ({ state }: ServerRecord): boolean => state.kind === 'stopping';

type RowCommand =
  `devServers.${'showRow' | 'openRow' | 'stopSelected' | 'dismiss' | 'fixWithChat' | 'killNow' | 'addServer' | 'goToDefinition' | 'resetAnswers' | 'copyNetworkUrl' | 'showQrCode' | 'copyCommand'}`;

/**
 * Creates the handlers of the commands for rows only. `start` starts a server for the user, `stop` stops servers of
 * rows.
 */
export function createRowHandlers(
  deps: RowHandlerDeps,
  start: (record: ServerRecord) => Promise<void>,
  stop: (rows: readonly TreeElement[]) => Promise<unknown>,
): CommandHandlers<RowCommand> {
  const { registry, lifecycle, l10n } = deps;
  const choose = (
    target: CommandTarget,
    matches: (record: ServerRecord) => boolean,
    placeHolder: string,
  ): Promise<ServerRecord | undefined> => chooseServer(deps, target, matches, placeHolder);
  return {
    'devServers.showRow': async (target) => {
      if (typeof target === 'object' && target.kind === 'server') await clickRow(target.id, start, deps);
    },
    'devServers.openRow': () => openSelectedRow(start, deps),
    // The Delete key passes no row, so the focused row must be selected first.
    'devServers.stopSelected': () => stop(deps.view.selection),
    'devServers.dismiss': async (target, selected) => {
      const several = selectedServers(registry, selected, isDown);
      const record = several ? undefined : await choose(target, isDown, l10n.t('Dismiss which server?'));
      await dismiss(several ?? (record ? [record] : []), registry);
    },
    'devServers.fixWithChat': async (target) => {
      const record = await choose(target, isCrashed, l10n.t('Fix which server with Chat?'));
      if (record) await fixWithChat(record, l10n);
    },
    'devServers.killNow': async (target) => {
      const record = await choose(target, isStopping, l10n.t('Kill which server?'));
      if (record) await lifecycle.kill(record.definition.id);
    },
    'devServers.addServer': () => addServer(deps),
    'devServers.goToDefinition': async (target) => {
      const record = await choose(target, () => true, l10n.t('Show the definition of which server?'));
      if (record) await goToDefinition(record.definition, l10n);
    },
    'devServers.resetAnswers': async () => {
      await deps.silenced.clear();
      await deps.portAnswers.clear();
    },
    'devServers.copyNetworkUrl': async (target) => {
      const record = await choose(target, hasUrl, l10n.t('Copy the network URL of which server?'));
      if (record) await copyNetworkUrl(record, deps);
    },
    'devServers.showQrCode': async (target) => {
      const record = await choose(target, hasUrl, l10n.t('Show the QR code of which server?'));
      if (record) await showQrCode(record, deps);
    },
    'devServers.copyCommand': async (target) => {
      const record = await choose(target, () => true, l10n.t('Copy the command of which server?'));
      if (record) await copyCommand(record);
    },
  };
}
