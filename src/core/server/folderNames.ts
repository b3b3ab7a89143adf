/** A folder of a window; `key` is its URI, which is unique. */
interface NamedFolder {
  readonly key: string;
  readonly name: string;
}

/**
 * Returns a name that ids can begin with: a slash or colon ends it there, so `a` with a package `b` and a folder `a/b`
 * would have servers with the same id.
 */
export function idSafeName(name: string): string {
  return name.replaceAll(/[/:]/gu, '-');
}

/**
 * Unique names for the folders of a window, since server ids begin with them: `web`, `web (2)`. The editor itself gives
 * two folders with the same basename, as git worktrees often have, the same name. A folder keeps its name for the
 * lifetime of the window, whatever the order of the folders, and a name is not reused after its folder was removed: the
 * servers of that folder may still run.
 */
export class FolderNames {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** Returns the names of these folders, in their order. */
  namesFor(folders: readonly NamedFolder[]): string[] {
    return folders.map((folder) => this.#nameFor(folder));
  }

  #nameFor({ key, name }: NamedFolder): string {
    // A renamed folder counts as another folder: the ids of its servers change.
    const folder = `${key}\0${name}`;
    const existing = this.#names.get(folder);
    if (existing !== undefined) return existing;
    const base = idSafeName(name);
    let uniqueName = base;
    for (let count = 2; this.#taken.has(uniqueName); count += 1) uniqueName = `${base} (${count})`;
    this.#taken.add(uniqueName);
    this.#names.set(folder, uniqueName);
    return uniqueName;
  }
}
