import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { currentPlatform } from '../host/platform/currentPlatform.js';
import { chooseWindow, NoWindowError } from '../mcp/bridge/chooseWindow.js';
import { WindowClient } from '../mcp/bridge/windowClient.js';
import { liveWindows } from '../mcp/bridge/windowRecords.js';

/** Folder of the window records inside the data folder of an editor. */
const recordsPath = ['User', 'globalStorage', 'dev-server-registry.dev-server-registry', 'agents'];

/** Names under which editors keep their data. */
const editors = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'];
const remoteEditors = ['.vscode-server', '.vscode-server-insiders', '.vscodium-server', '.cursor-server'];

/** A server as a window describes it. */
export interface RunningServer {
  readonly id: string;
  readonly state: string;
  readonly url?: string;
  readonly otherUrls?: readonly string[];
  readonly pid?: number;
  readonly startedBy?: string;
}

/**
 * Returns the servers of the window that has the folder open; `undefined` when there is none. Rejects when a window does
 * not answer.
 */
export async function serversOfWindow(folder: string): Promise<readonly RunningServer[] | undefined> {
  const platform = currentPlatform();
  const found = await Promise.all(recordFolders().map((records) => liveWindows(records, platform)));
  try {
    const record = chooseWindow(found.flat(), await realpath(folder), undefined);
    const events = { onServersChanged: () => undefined, onClosed: () => undefined };
    const client = await WindowClient.connect(record, 'devservers', events);
    const { data } = await client.call('devservers_list_servers', {}).finally(() => client.close());
    return (data?.['servers'] ?? []) as readonly RunningServer[];
  } catch (error) {
    if (error instanceof NoWindowError) return undefined;
    throw error;
  }
}

/** Returns the folders in which the editors of this user record their windows. */
function recordFolders(): string[] {
  const home = homedir();
  const { APPDATA, XDG_CONFIG_HOME } = process.env;
  const local: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
    win32: APPDATA ?? join(home, 'AppData', 'Roaming'),
    darwin: join(home, 'Library', 'Application Support'),
  };
  const root = local[process.platform] ?? XDG_CONFIG_HOME ?? join(home, '.config');
  const folders = [
    ...editors.map((editor) => join(root, editor)),
    ...remoteEditors.map((editor) => join(home, editor, 'data')),
  ].map((data) => join(data, ...recordsPath));
  // A window of an editor with another data folder names it to its terminals.
  const named = process.env['DEV_SERVERS_WINDOWS'];
  return [...new Set([...(named === undefined ? [] : [named]), ...folders])].filter((each) =>
    existsSync(each),
  );
}
