import { Uri, workspace } from 'vscode';
import { configurationPath } from '../discovery/configuration/configurationPath.js';
import { fileExists } from '../vscode/workspace/fileExists.js';
import { configuredServers } from '../vscode/settings.js';

/**
 * Whether any server may want to start with the window: some folder has a configuration file, whose problems are shown
 * too, or a person's own servers say so. Cheap, since it is asked whenever a window opens.
 */
export async function mayAutoStart(): Promise<boolean> {
  const folders = workspace.workspaceFolders ?? [];
  const found = await Promise.all(
    folders.map(({ uri }) => fileExists(Uri.joinPath(uri, configurationPath).fsPath).catch(() => false)),
  );
  return found.includes(true) || folders.some(({ uri }) => wantsAutoStart(configuredServers(uri)));
}

function wantsAutoStart(servers: unknown): boolean {
  return Array.isArray(servers) && JSON.stringify(servers).includes('"autoStart":true');
}
