import { workspace } from 'vscode';
import type { AgentWorkspace } from '../core/agents/context.js';
import { WorktreeNames } from '../folderSearch/worktreeNames.js';
import type { Definitions } from '../vscode/workspace/definitions.js';
import { folderNameOf } from '../vscode/workspace/workspaceFolders.js';

/** Opens git worktrees of the workspace folders, for agents that work in them. */
export function worktreesOf(definitions: Definitions): Required<Pick<AgentWorkspace, 'openWorktree'>> {
  const names = new WorktreeNames();
  const scans = new Map<string, Promise<boolean>>();
  const scan = async (root: string): Promise<boolean> => {
    const { serversOfWorktree } = await import('../folderSearch/worktrees.js');
    const folders = (workspace.workspaceFolders ?? []).map((folder) => ({
      name: folderNameOf(folder),
      path: folder.uri.fsPath,
    }));
    const found = await serversOfWorktree(root, folders, names);
    if (found) await definitions.setWorktree(root, found);
    return found !== undefined;
  };
  return {
    openWorktree: (root) => {
      // Calls at the same moment share a search.
      const running = scans.get(root) ?? scan(root).finally(() => scans.delete(root));
      scans.set(root, running);
      return running;
    },
  };
}
