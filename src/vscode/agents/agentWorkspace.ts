import { workspace } from 'vscode';
import type { AgentWorkspace, ResolvedFolder } from '../../core/agents/context.js';
import type { Definitions } from '../workspace/definitions.js';
import { folderNameOf } from '../workspace/folderNames.js';

/** How the paths of this machine are read. */
export interface RealPaths {
  /** The folder at an absolute path with all links followed; `undefined` when there is none. */
  realFolder(path: string): Promise<string | undefined>;
  resolve(...parts: string[]): string;
  /** `inner` seen from `folder`, with `/`; `undefined` when it lies outside. */
  inside(folder: string, inner: string): string | undefined;
}

/** The workspace of this window as agents see it. */
export function agentWorkspace(definitions: Definitions, paths: RealPaths): AgentWorkspace {
  return {
    whenScanned: () => definitions.whenScanned(),
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
          // As the folder is known otherwise, so that a listed server is found by its folder.
          const shownPath = subfolder === '' ? uri.fsPath : paths.resolve(uri.fsPath, subfolder);
          return { folder: folderNameOf(each), subfolder, path: shownPath };
        }),
      );
      // The deepest of folders inside of each other.
      return resolved
        .filter((folder) => folder !== undefined)
        .toSorted((one, other) => one.subfolder.length - other.subfolder.length)[0];
    },
  };
}
