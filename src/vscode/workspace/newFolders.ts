import { stat } from 'node:fs/promises';
import type { Disposable, FileSystemWatcher, Uri } from 'vscode';

/** Of more at once it is not found out which of them are folders: a search tells sooner. */
const maxLooks = 200;

/** What appears within so many milliseconds is looked at together. */
const gatherMs = 50;

/**
 * Tells of folders that appear. Of the files in them the editor tells nothing when they were moved there together, or
 * were written before it could watch the folder.
 */
export class NewFolders implements Disposable {
  readonly #subscriptions: Disposable[];
  #appeared = new Set<Uri>();
  #timer: NodeJS.Timeout | undefined;

  /** `mayMatter` says by the path alone whether it is worth a look; `onFolders` gets folders, or `undefined` for too many. */
  constructor(
    watcher: FileSystemWatcher,
    private readonly mayMatter: (uri: Uri) => boolean,
    private readonly onFolders: (folders: readonly Uri[] | undefined) => void,
  ) {
    const take = (uri: Uri): void => this.#take(uri);
    // One that was removed and made again at once is told as changed.
    this.#subscriptions = [watcher.onDidCreate(take), watcher.onDidChange(take)];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #take(uri: Uri): void {
    if (!this.mayMatter(uri)) return;
    this.#appeared.add(uri);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#look();
    }, gatherMs);
  }

  async #look(): Promise<void> {
    const appeared = [...this.#appeared];
    this.#appeared = new Set();
    if (appeared.length > maxLooks) return this.onFolders(undefined);
    const kinds = await Promise.all(appeared.map(({ fsPath }) => isFolder(fsPath)));
    const folders = appeared.filter((_uri, index) => kinds[index]);
    if (folders.length > 0) this.onFolders(folders);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
