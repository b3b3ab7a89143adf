import { Uri, workspace, type Disposable } from 'vscode';
import type { Lifecycle } from '../core/lifecycle.js';
import type { Log } from '../core/ports.js';
import type { Registry } from '../core/registry.js';
import { isStoppable } from '../core/serverState.js';

/** Stops the servers of a folder that leaves the workspace, when `devServers.removedFolders` says so. */
export function stopInRemovedFolders(registry: Registry, lifecycle: Lifecycle, log: Log): Disposable {
  return workspace.onDidChangeWorkspaceFolders(() => {
    if (workspace.getConfiguration('devServers').get('removedFolders') !== 'stop') return;
    for (const { definition, state } of registry.current.servers) {
      const isRemoved = workspace.getWorkspaceFolder(Uri.file(definition.cwd)) === undefined;
      if (!isRemoved || !isStoppable(state)) continue;
      lifecycle
        .stop(definition.id)
        .catch((error: unknown) => log.error(`${definition.id} was not stopped`, error));
    }
  });
}
