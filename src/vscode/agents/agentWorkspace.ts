import { workspace } from 'vscode';
import type { AgentWorkspace, ResolvedFolder } from '../../core/agents/context.js';
import type { Definitions } from '../workspace/definitions.js';
import { folderNameOf } from '../workspace/workspaceFolders.js';

/** Path functions of this machine. */
export interface RealPaths {
  /** Resolves all symbolic links in the absolute path of a folder; `undefined` if there is no folder. */
  realFolder(path: string): Promise<string | undefined>;
  resolve(...parts: string[]): string;
  /** Returns the path of `inner` relative to `folder`, with `/`; `undefined` if it lies outside. */
  inside(folder: string, inner: string): string | undefined;
}

/** Returns the workspace of this window in the form that the agent tools use. */
export function agentWorkspace(definitions: Definitions, paths: RealPaths): AgentWorkspace {
  return {
    whenScanned: () => definitions.whenScanned(),
    reread: (definition) => definitions.reread(definition),
    add: (definition) => definitions.add(definition),
    resolveFolder: async (path) => {
      const folders = workspace.workspaceFolders ?? [];
      const [first] = folders;
      const target = first && (await paths.realFolder(paths.resolve(first.uri.fsPath, path)));
      if (target === undefined) return undefined;
      const resolved = await Promise.all(
        folders.map(async (each): Promise<ResolvedFolder | undefined> => {
          const { uri } = each;
          const root = await paths.realFolder(uri.fsPath);
          const subfolder = root === undefined ? undefined : paths.inside(root, target);
          if (subfolder === undefined) return undefined;
          // Keep the path without resolved links, by which a listed server is found.
          const shownPath = subfolder === '' ? uri.fsPath : paths.resolve(uri.fsPath, subfolder);
          return { folder: folderNameOf(each), subfolder, path: shownPath };
        }),
      );
      // The innermost of nested workspace folders counts.
      return resolved
        .filter((folder) => folder !== undefined)
        .toSorted((one, other) => one.subfolder.length - other.subfolder.length)[0];
    },
  };
}
