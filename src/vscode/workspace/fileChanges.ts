import { workspace, type Uri, type WorkspaceFolder } from 'vscode';

/** Number of changed files in a folder above which a new search is faster. */
const maxChanges = 500;

/** Returns whether a path in a workspace folder is relevant. */
type Matters = (path: string, folder: WorkspaceFolder) => boolean;

/** Files that changed since the last scan, by workspace folder. */
export class FileChanges {
  #paths = new Map<string, Set<string>>();
  #isAll = false;

  /** Marks all files as changed. */
  addAll(): void {
    this.#isAll = true;
  }

  /**
   * Adds a file to every workspace folder that contains it and for which it is relevant. Returns whether there is one.
   */
  add(uri: Uri, matters: Matters): boolean {
    const affected = affectedFolders(uri, matters);
    for (const { folder, path } of affected) {
      const key = folder.uri.toString();
      this.#paths.set(key, (this.#paths.get(key) ?? new Set<string>()).add(path));
    }
    return affected.length > 0;
  }

  /** Returns what `add` would return. */
  wouldAdd(uri: Uri, matters: Matters): boolean {
    return affectedFolders(uri, matters).length > 0;
  }

  /** Returns and clears the changes of each folder; `undefined` stands for all files. */
  take(): (folder: WorkspaceFolder) => ReadonlySet<string> | undefined {
    const paths = this.#paths;
    const isAll = this.#isAll;
    this.#paths = new Map();
    this.#isAll = false;
    return (folder) => {
      const changed = paths.get(folder.uri.toString()) ?? new Set<string>();
      return isAll || changed.size > maxChanges ? undefined : changed;
    };
  }
}

/** Returns the workspace folders that contain a file and for which it is relevant, with the relative path in each. */
function affectedFolders(uri: Uri, matters: Matters): { folder: WorkspaceFolder; path: string }[] {
  return (workspace.workspaceFolders ?? []).flatMap((folder) => {
    const root = `${folder.uri.path.replace(/\/$/, '')}/`;
    if (uri.scheme !== folder.uri.scheme || !uri.path.startsWith(root)) return [];
    const path = uri.path.slice(root.length);
    return matters(path, folder) ? [{ folder, path }] : [];
  });
}
