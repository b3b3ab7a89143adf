import { workspace, type Uri, type WorkspaceFolder } from 'vscode';

/** So many changed files in one folder are quicker found by a new search. */
const maxChanges = 500;

/** Whether a path in a workspace folder is of interest. */
type Matters = (path: string, folder: WorkspaceFolder) => boolean;

/** The files that have changed since they were last taken, by workspace folder. */
export class FileChanges {
  #paths = new Map<string, Set<string>>();
  #isAll = false;

  /** Everything may have changed. */
  addAll(): void {
    this.#isAll = true;
  }

  /** A file belongs to every workspace folder around it. Says whether its change `matters` to one of them. */
  add(uri: Uri, matters: Matters): boolean {
    const affected = affectedFolders(uri, matters);
    for (const { folder, path } of affected) {
      const key = folder.uri.toString();
      this.#paths.set(key, (this.#paths.get(key) ?? new Set<string>()).add(path));
    }
    return affected.length > 0;
  }

  /** What `add` would say. */
  wouldAdd(uri: Uri, matters: Matters): boolean {
    return affectedFolders(uri, matters).length > 0;
  }

  /** Hands out the changes of each folder, `undefined` for everything, and forgets them. */
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

/** The workspace folders around a file to which it matters, each with the way to it. */
function affectedFolders(uri: Uri, matters: Matters): { folder: WorkspaceFolder; path: string }[] {
  return (workspace.workspaceFolders ?? []).flatMap((folder) => {
    const root = `${folder.uri.path.replace(/\/$/, '')}/`;
    if (uri.scheme !== folder.uri.scheme || !uri.path.startsWith(root)) return [];
    const path = uri.path.slice(root.length);
    return matters(path, folder) ? [{ folder, path }] : [];
  });
}
