import type { TreeElement } from '../tree/serverTree.js';
import type { ServerId } from '../../core/server/identity.js';

/** The commands of the manifest. */
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
  'devServers.showLog',
  'devServers.showDiagnostics',
] as const;

export type CommandId = (typeof commandIds)[number];

/** A row of the tree, the id of a server from code or a keybinding, or nothing from the palette. */
export type CommandTarget = TreeElement | ServerId | undefined;

/** Resolves when the work of a command is done. */
export type RunCommand = (id: CommandId, target: CommandTarget) => Promise<unknown>;
