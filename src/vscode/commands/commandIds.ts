import type { TreeElement } from '../tree/serverTree.js';
import type { ServerId } from '../../core/server/identity.js';

/** Ids of the commands in package.json. */
export const commandIds = [
  'devServers.start',
  'devServers.startAndOpen',
  'devServers.startWith',
  'devServers.runLast',
  'devServers.stop',
  'devServers.restart',
  'devServers.openUrl',
  'devServers.copyUrl',
  'devServers.showTerminal',
  'devServers.startAll',
  'devServers.startPackage',
  'devServers.startGroup',
  'devServers.stopGroup',
  'devServers.stopAll',
  'devServers.refresh',
  'devServers.showMenu',
  'devServers.configure',
  'devServers.saveAsConfiguration',
  'devServers.openSettings',
  'devServers.hide',
  'devServers.unhide',
  'devServers.showHidden',
  'devServers.concealHidden',
  'devServers.pin',
  'devServers.unpin',
  'devServers.filter',
  'devServers.clearFilter',
  'devServers.showAllScripts',
  'devServers.showMainScripts',
  'devServers.showServerLog',
  'devServers.clearLog',
  'devServers.searchLogs',
  'devServers.showPageErrors',
  'devServers.copyMcpConfiguration',
  'devServers.writeMcpConfiguration',
  'devServers.installCommand',
  'devServers.showLog',
  'devServers.showDiagnostics',
  'devServers.showOtherWindows',
  'devServers.showRow',
  'devServers.openRow',
  'devServers.stopSelected',
  'devServers.dismiss',
  'devServers.fixWithChat',
  'devServers.killNow',
  'devServers.addServer',
  'devServers.goToDefinition',
  'devServers.copyCommand',
  'devServers.copyNetworkUrl',
  'devServers.showQrCode',
  'devServers.resetAnswers',
] as const;

export type CommandId = (typeof commandIds)[number];

/** Ids of the commands in the menus of rows: `view/item/context` of package.json. */
export const rowCommandIds: ReadonlySet<CommandId> = new Set([
  'devServers.start',
  'devServers.startAndOpen',
  'devServers.startWith',
  'devServers.stop',
  'devServers.restart',
  'devServers.openUrl',
  'devServers.copyUrl',
  'devServers.copyNetworkUrl',
  'devServers.showQrCode',
  'devServers.copyCommand',
  'devServers.showTerminal',
  'devServers.startPackage',
  'devServers.startGroup',
  'devServers.stopGroup',
  'devServers.hide',
  'devServers.unhide',
  'devServers.pin',
  'devServers.unpin',
  'devServers.showServerLog',
  'devServers.showPageErrors',
  'devServers.clearLog',
  'devServers.saveAsConfiguration',
  'devServers.dismiss',
  'devServers.fixWithChat',
  'devServers.killNow',
  'devServers.goToDefinition',
]);

/** Tree row, server id from code or a keybinding, or `undefined` from the command palette. */
export type CommandTarget = TreeElement | ServerId | undefined;

/** Runs a command. Resolves when the command is done. `selected` are the selected rows, if there are several. */
export type RunCommand = (
  id: CommandId,
  target: CommandTarget,
  selected?: readonly TreeElement[],
) => Promise<unknown>;

/** Handlers of commands. `selected` are the selected rows of the view. */
export type CommandHandlers<Id extends CommandId = CommandId> = Readonly<
  Record<Id, (target: CommandTarget, selected?: readonly TreeElement[]) => Promise<unknown>>
>;
