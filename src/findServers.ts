import * as paths from 'node:path';
import type { Translator } from './core/ports.js';
import type { ServerDefinition } from './core/server.js';
import { discoverScripts } from './discovery/discoverScripts.js';
import type { FoundConfiguration } from './configurations.js';
import type { FindServers } from './vscode/definitions.js';
import { folderNameOf } from './vscode/folderNames.js';
import { workspaceFiles } from './vscode/workspaceFiles.js';

/** Puts what people have written for a folder to what was found in it. */
type Configure = (
  folder: Parameters<FindServers>[0],
  discovered: readonly ServerDefinition[],
) => Promise<FoundConfiguration>;

/** Connects the editor's files and settings with the parsers: the servers of a folder, found and configured. */
export function serverFinder(configure: Configure, l10n: Translator): FindServers {
  return async (folder) => {
    const name = folderNameOf(folder);
    const context = { folder: { name, path: folder.uri.fsPath }, paths, l10n };
    const found = await discoverScripts(context, workspaceFiles(folder));
    const configured = await configure(folder, found.definitions);
    return {
      definitions: configured.definitions,
      problems: [...found.problems, ...configured.problems].map(({ file, reason }) =>
        l10n.t('{0}, {1}: {2}', name, file, reason),
      ),
    };
  };
}
