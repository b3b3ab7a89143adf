import { Uri, workspace, type Disposable } from 'vscode';
import type { OrderedStop } from '../../core/dependencies/orderedStop.js';
import type { Registry } from '../../core/registry/registry.js';
import type { Logger } from '../../core/common.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { ServerId } from '../../core/server/identity.js';
import { isStoppable } from '../../core/server/stateQueries.js';

/** Stops the servers of a folder that is removed from the workspace, if `devServers.removedFolders` is `stop`. */
export function stopInRemovedFolders(registry: Registry, stops: OrderedStop, log: Logger): Disposable {
  return workspace.onDidChangeWorkspaceFolders(() => {
    if (workspace.getConfiguration('devServers').get('removedFolders') !== 'stop') return;
    const removed = registry.current.servers.filter(
      ({ definition, state }) =>
        isStoppable(state) && workspace.getWorkspaceFolder(Uri.file(workspacePath(definition))) === undefined,
    );
    void stopLogged(
      removed.map(({ definition }) => definition.id),
      stops,
      log,
    );
  });
}

/**
 * Returns the path in the workspace folder that corresponds to the folder of a server; for a worktree, the same
 * relative path.
 */
function workspacePath({ cwd, worktree }: ServerDefinition): string {
  return worktree?.original ?? cwd;
}

async function stopLogged(ids: readonly ServerId[], stops: OrderedStop, log: Logger): Promise<void> {
  for (const [index, result] of (await stops.stopAll(ids)).entries()) {
    if (result.status === 'rejected') log.error(`${ids[index]} was not stopped`, result.reason);
  }
}
