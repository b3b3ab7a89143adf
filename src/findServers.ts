import * as paths from 'node:path';
import { workspace } from 'vscode';
import type { Translator } from './core/ports.js';
import { parseConfiguredServers } from './discovery/configuredServers.js';
import { discoverScripts } from './discovery/discoverScripts.js';
import { distinctFolderNames } from './discovery/folderNames.js';
import { mergeDefinitions } from './discovery/mergeDefinitions.js';
import type { FindServers } from './vscode/definitions.js';
import { configuredServers } from './vscode/settings.js';
import { workspaceFiles } from './vscode/workspaceFiles.js';

/** Connects the editor's files and settings with the parsers: the servers of a folder, found and configured. */
export function serverFinder(l10n: Translator): FindServers {
  return async (folder) => {
    const names = distinctFolderNames((workspace.workspaceFolders ?? []).map(({ name }) => name));
    const name = names[folder.index] ?? folder.name;
    const context = { folder: { name, path: folder.uri.fsPath }, paths, l10n };
    const found = await discoverScripts(context, workspaceFiles(folder));
    const configured = parseConfiguredServers(configuredServers(folder.uri), context, 'devServers.servers');
    return {
      definitions: mergeDefinitions(found.definitions, configured.definitions),
      problems: [...found.problems, ...configured.problems].map(({ file, reason }) =>
        l10n.t('{0}, {1}: {2}', name, file, reason),
      ),
    };
  };
}
