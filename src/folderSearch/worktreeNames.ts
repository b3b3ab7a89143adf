import * as paths from 'node:path';
import { FolderNames } from '../core/server/folderNames.js';

/** A folder, and its name in server ids. */
export interface NamedFolder {
  readonly name: string;
  readonly path: string;
}

/** Names of the git worktrees of a window. A worktree keeps its names: ids begin with them, and its servers may run. */
export class WorktreeNames {
  readonly #labels = new Map<string, string>();
  readonly #folderNames = new FolderNames();

  /**
   * Returns the name of a worktree for the user: that of its folder, with the folder above it if one of the `others`,
   * which are checkouts of the same repository, has the same name. Tools often name all worktrees after the repository.
   */
  labelOf(root: string, others: readonly string[]): string {
    const known = this.#labels.get(root);
    if (known !== undefined) return known;
    const name = paths.basename(root);
    const isAmbiguous = others.some((other) => other !== root && paths.basename(other) === name);
    const label = isAmbiguous ? `${paths.basename(paths.dirname(root))}/${name}` : name;
    this.#labels.set(root, label);
    return label;
  }

  /** Returns the names of folders of a worktree; no workspace folder and no folder of another worktree has them. */
  folderNames(folders: readonly NamedFolder[], workspace: readonly NamedFolder[]): readonly string[] {
    const keyed = ({ path, name }: NamedFolder): { key: string; name: string } => ({ key: path, name });
    this.#folderNames.namesFor(workspace.map(keyed));
    return this.#folderNames.namesFor(folders.map(keyed));
  }
}
