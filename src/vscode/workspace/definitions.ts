import { commands, Uri, workspace, type Disposable } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { ChosenWays } from './chosenWays.js';
import type { FoundServers, ServerFinder } from './serverFinder.js';
import { withUniqueTitles } from '../../core/server/titles.js';
import { FileChanges } from './fileChanges.js';
import { NewFolders } from './newFolders.js';
import { trustedFolders } from './trust.js';
import { WorktreeServers } from './worktreeServers.js';
import { folderNamed } from './workspaceFolders.js';
import type { Logger, Timer } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';
import { Deferred } from '../../core/deferred.js';
import type { ServerId } from '../../core/server/identity.js';

/** Delay after the last change, in milliseconds: an install or a switch of branches touches many files. */
const scanDelayMs = 100;

/** Settings that change the result of a search. */
const searchSettings = ['devServers.discovery', 'files.exclude', 'search.exclude', 'search.useIgnoreFiles'];

/** Settings that change which results of a search are listed. */
const listSettings = ['devServers.servers', 'devServers.showAllScripts'];

export interface DefinitionsDeps {
  readonly registry: Pick<Registry, 'define'>;
  readonly ways: Pick<ChosenWays, 'apply'>;
  /** Loads the code that finds servers. */
  readonly load: () => Promise<ServerFinder>;
  readonly timer: Timer;
  /** Returns whether there is a folder at an absolute path. */
  readonly isFolder: (path: string) => Promise<boolean>;
  /** Returns whether there is no folder any more; false if the file system does not answer. */
  readonly isRemoved: (path: string) => Promise<boolean>;
  readonly log: Logger;
  readonly onProblems: (problems: readonly string[]) => void;
}

/** Keeps the definitions in the registry up to date with the workspace, starting with the first request. */
export class Definitions implements Disposable {
  readonly #disposables: Disposable[] = [];
  /** Servers added for this window, which are in no file and no setting. */
  readonly #added = new Map<ServerId, ServerDefinition>();
  readonly #worktrees: WorktreeServers;
  readonly #changes = new FileChanges();
  readonly #firstResults = new Deferred();
  #finder: Promise<ServerFinder> | undefined;
  #firstScan: Promise<void> | undefined;
  #lastScan: Promise<void> = Promise.resolve();
  #nextScan: Promise<void> | undefined;
  #reportedProblems = '';
  readonly #scheduledScan: Debouncer;

  constructor(private readonly deps: DefinitionsDeps) {
    this.#worktrees = new WorktreeServers(deps.isRemoved);
    this.#scheduledScan = new Debouncer(deps.timer, () => void this.#queueScan());
  }

  /** Resolves when the workspace has been scanned once. */
  whenScanned(): Promise<void> {
    this.#firstScan ??= this.#begin();
    return this.#firstScan;
  }

  /** Resolves when the first servers are known; the scan continues. */
  whenFirstResults(): Promise<void> {
    return Promise.race([this.#firstResults.promise, this.whenScanned()]);
  }

  /** Scans the whole workspace. Scans run one after the other; calls during a scan share the next one. */
  rescan(): Promise<void> {
    this.#changes.addAll();
    return this.#queueScan();
  }

  /** Reads the file that defines a server again, and the configuration. Resolves when the registry is up to date. */
  async reread({ folder, file }: ServerDefinition): Promise<void> {
    const uri = folderNamed(folder)?.uri;
    if (uri && file !== undefined) this.#changes.add(Uri.joinPath(uri, file), () => true);
    await this.#queueScan();
  }

  /** Adds a server to the list until the window closes. Resolves when the registry knows it. */
  async add(definition: ServerDefinition): Promise<void> {
    await this.whenScanned();
    this.#added.set(definition.id, definition);
    await this.#queueScan();
  }

  /** Lists the current servers of a git worktree until it is removed. Resolves when the registry knows them. */
  async setWorktree(root: string, definitions: readonly ServerDefinition[]): Promise<void> {
    await this.whenScanned();
    if (this.#worktrees.set(root, definitions)) await this.#queueScan();
  }

  dispose(): void {
    this.#scheduledScan.cancel();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Rejects if the finder cannot be loaded; the next request tries again. */
  async #begin(): Promise<void> {
    try {
      this.#watch(await this.#loadFinder());
    } catch (error) {
      this.#firstScan = undefined;
      throw error;
    }
    await this.rescan();
  }

  async #loadFinder(): Promise<ServerFinder> {
    this.#finder ??= this.deps.load();
    try {
      return await this.#finder;
    } catch (error) {
      this.#finder = undefined;
      throw error;
    }
  }

  #watch(finder: ServerFinder): void {
    const watcher = workspace.createFileSystemWatcher(finder.watched);
    const onFileChange = (uri: Uri, isThereAlready: boolean): void => {
      if (this.#changes.add(uri, (path) => finder.matters(path, isThereAlready))) this.#scheduleScan();
    };
    const scanEverything = (): void => {
      this.#changes.addAll();
      this.#scheduleScan();
    };
    // If a folder is created, deleted or renamed, the editor sends no events for the files in it.
    const allFiles = workspace.createFileSystemWatcher('**');
    const mayMatter = (path: string): boolean => finder.matters(path, false);
    const newFolders = new NewFolders({
      watcher: allFiles,
      timer: this.deps.timer,
      isFolder: this.deps.isFolder,
      mayMatter: (uri) => this.#changes.wouldAdd(uri, mayMatter),
      onFolders: (folders) => {
        if (!folders) scanEverything();
        else if (folders.filter((uri) => this.#changes.add(uri, mayMatter)).length > 0) this.#scheduleScan();
      },
    });
    this.#disposables.push(
      watcher,
      allFiles,
      newFolders,
      allFiles.onDidDelete((uri) => {
        if (this.#changes.add(uri, (path, folder) => finder.hasFilesIn(folder, path))) this.#scheduleScan();
      }),
      watcher.onDidCreate((uri) => onFileChange(uri, false)),
      watcher.onDidChange((uri) => onFileChange(uri, true)),
      watcher.onDidDelete((uri) => onFileChange(uri, false)),
      workspace.onDidChangeWorkspaceFolders(scanEverything),
      workspace.onDidGrantWorkspaceTrust(scanEverything),
      workspace.onDidChangeConfiguration((event) => {
        if (searchSettings.some((name) => event.affectsConfiguration(name))) scanEverything();
        else if (listSettings.some((name) => event.affectsConfiguration(name))) this.#scheduleScan();
      }),
    );
  }

  #scheduleScan(): void {
    this.#scheduledScan.restart(scanDelayMs);
  }

  #queueScan(): Promise<void> {
    this.#nextScan ??= this.#lastScan.then(() => {
      this.#nextScan = undefined;
      this.#lastScan = this.#scan();
      return this.#lastScan;
    });
    return this.#nextScan;
  }

  /** A server of the workspace takes precedence over an added one with the same id. */
  #withAdded(found: readonly ServerDefinition[]): readonly ServerDefinition[] {
    const ids = new Set(found.map(({ id }) => id));
    const added = [...this.#added.values()].filter(({ id }) => !ids.has(id));
    return [
      ...withUniqueTitles([...this.deps.ways.apply(found), ...added]),
      ...this.#worktrees.all.filter(({ id }) => !ids.has(id)),
    ];
  }

  /** Never rejects: reports what cannot be read, and lists the rest. */
  async #scan(): Promise<void> {
    try {
      const finder = await this.#loadFinder();
      const failures = await this.#updateFolders(finder);
      const { definitions, problems } = await readResults(finder);
      await this.deps.registry.define(this.#withAdded(definitions));
      await commands.executeCommand('setContext', 'devServers.discovered', true);
      this.#reportProblems([...problems, ...failures]);
      // Not awaited: the folder of a worktree may be on a file system that does not answer.
      void this.#forgetRemovedWorktrees();
    } catch (error) {
      this.deps.log.error('The workspace could not be scanned', error);
    }
    this.#firstResults.resolve();
  }

  async #forgetRemovedWorktrees(): Promise<void> {
    if (await this.#worktrees.forgetRemoved()) await this.#queueScan();
  }

  /** Updates all folders. Returns the reasons why some could not be searched. */
  async #updateFolders(finder: ServerFinder): Promise<string[]> {
    const folders = trustedFolders();
    const changes = this.#changes.take();
    const onStep = (): void => void this.#listPartialResults(finder);
    const results = await Promise.allSettled(
      folders.map((folder) => finder.update(folder, changes(folder), onStep)),
    );
    return results.flatMap((result, index) =>
      result.status === 'rejected' ? `${folders[index]?.name}: ${String(result.reason)}` : [],
    );
  }

  async #listPartialResults(finder: ServerFinder): Promise<void> {
    try {
      await this.deps.registry.define(
        this.#withAdded(trustedFolders().flatMap((folder) => finder.partialResults(folder))),
        { isComplete: false },
      );
      this.#firstResults.resolve();
    } catch (error) {
      this.deps.log.error('The first servers could not be listed', error);
    }
  }

  /** Reports each set of problems once, not after every unrelated change of a file. */
  #reportProblems(problems: readonly string[]): void {
    const text = problems.join('\n');
    if (text === this.#reportedProblems) return;
    this.#reportedProblems = text;
    for (const problem of problems) this.deps.log.error(problem);
    if (problems.length > 0) this.deps.onProblems(problems);
  }
}

async function readResults(finder: ServerFinder): Promise<FoundServers> {
  const found = await Promise.all(trustedFolders().map((folder) => finder.results(folder)));
  return {
    definitions: found.flatMap(({ definitions }) => definitions),
    problems: [...new Set(found.flatMap(({ problems }) => problems))],
  };
}
