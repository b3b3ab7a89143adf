import { workspace, type Uri, type WorkspaceFolder } from 'vscode';

/** So many changed files in one folder are quicker found by a new search. */
const maxChanges = 500;

/** The files that have changed since they were last taken, by workspace folder. */
export class FileChanges {
  #paths = new Map<string, Set<string>>();
  #isAll = false;

  /** Everything may have changed. */
  addAll(): void {
    this.#isAll = true;
  }

  /** A file belongs to every workspace folder around it. Says whether its change `matters` to one of them. */
  add(uri: Uri, matters: (path: string, folder: WorkspaceFolder) => boolean): boolean {
    let isAdded = false;
    for (const folder of workspace.workspaceFolders ?? []) {
      const root = `${folder.uri.path.replace(/\/$/, '')}/`;
      if (uri.scheme !== folder.uri.scheme || !uri.path.startsWith(root)) continue;
      const path = uri.path.slice(root.length);
      if (!matters(path, folder)) continue;
      const key = folder.uri.toString();
      this.#paths.set(key, (this.#paths.get(key) ?? new Set<string>()).add(path));
      isAdded = true;
    }
    return isAdded;
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
