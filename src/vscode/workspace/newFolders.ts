import type { Disposable, FileSystemWatcher, Uri } from 'vscode';
import type { Timer } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';

/** Number of new paths above which a search is faster than a check of each path. */
const maxChecks = 200;

/** Delay within which new paths are gathered, in milliseconds. */
const gatherMs = 50;

export interface NewFolderDeps {
  readonly watcher: Pick<FileSystemWatcher, 'onDidCreate' | 'onDidChange'>;
  readonly timer: Timer;
  /** Returns whether a path may be relevant, so that it is worth checking whether it is a folder. */
  readonly mayMatter: (uri: Uri) => boolean;
  /** Returns whether there is a folder at an absolute path. */
  readonly isFolder: (path: string) => Promise<boolean>;
  /** Called with the folders that appeared, or with `undefined` if there are too many to check. */
  readonly onFolders: (folders: readonly Uri[] | undefined) => void;
}

/**
 * Reports new folders. The editor sends no events for files that were moved in together with their folder, or written
 * before the editor watched the folder.
 */
export class NewFolders implements Disposable {
  readonly #subscriptions: Disposable[];
  #appeared = new Set<Uri>();
  readonly #check: Debouncer;

  constructor(private readonly deps: NewFolderDeps) {
    const { watcher, timer } = deps;
    this.#check = new Debouncer(timer, () => void this.#reportFolders());
    const add = (uri: Uri): void => this.#add(uri);
    // A folder that is deleted and created again at once is reported as changed.
    this.#subscriptions = [watcher.onDidCreate(add), watcher.onDidChange(add)];
  }

  dispose(): void {
    this.#check.cancel();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #add(uri: Uri): void {
    if (!this.deps.mayMatter(uri)) return;
    this.#appeared.add(uri);
    this.#check.schedule(gatherMs);
  }

  async #reportFolders(): Promise<void> {
    const appeared = [...this.#appeared];
    this.#appeared = new Set();
    if (appeared.length > maxChecks) return this.deps.onFolders(undefined);
    const kinds = await Promise.all(appeared.map(({ fsPath }) => this.deps.isFolder(fsPath)));
    const folders = appeared.filter((_uri, index) => kinds[index]);
    if (folders.length > 0) this.deps.onFolders(folders);
  }
}
