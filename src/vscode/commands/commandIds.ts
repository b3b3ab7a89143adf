import type { TreeElement } from '../tree/serverTree.js';
import type { ServerId } from '../../core/server/identity.js';

/** Ids of the commands in package.json. */
export const commandIds = [
  'devServers.start',
  'devServers.stop',
  'devServers.restart',
  'devServers.openUrl',
  'devServers.copyUrl',
  'devServers.showTerminal',
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
  'devServers.showServerLog',
  'devServers.searchLogs',
  'devServers.copyMcpConfiguration',
  'devServers.installCommand',
  'devServers.showLog',
  'devServers.showDiagnostics',
] as const;

export type CommandId = (typeof commandIds)[number];

/** Tree row, server id from code or a keybinding, or `undefined` from the command palette. */
export type CommandTarget = TreeElement | ServerId | undefined;

/** Runs a command. Resolves when its work is done. */
export type RunCommand = (id: CommandId, target: CommandTarget) => Promise<unknown>;
