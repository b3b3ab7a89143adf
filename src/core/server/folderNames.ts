/** A folder of a window; `key` is its address, which no other folder has. */
interface NamedFolder {
  readonly key: string;
  readonly name: string;
}

/**
 * Names for the folders of a window that no two share, since ids begin with them: `web`, `web (2)`. The editor itself calls
 * two folders of the same name the same, as git worktrees often are. A folder keeps its name for as long as the window
 * lives, wherever others are put, and nobody else gets it after it was removed: its servers may run on.
 */
export class FolderNames {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The names of these folders, in their order. */
  namesFor(folders: readonly NamedFolder[]): string[] {
    return folders.map((folder) => this.#nameFor(folder));
  }

  #nameFor({ key, name }: NamedFolder): string {
    // One that is called otherwise from now on is another one to its servers.
    const known = `${key}\0${name}`;
    const before = this.#names.get(known);
    if (before !== undefined) return before;
    let distinct = name;
    for (let count = 2; this.#taken.has(distinct); count += 1) distinct = `${name} (${count})`;
    this.#taken.add(distinct);
    this.#names.set(known, distinct);
    return distinct;
  }
}
