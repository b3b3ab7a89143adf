import { commands, workspace, type Disposable, type Uri, type WorkspaceFolder } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { FileChanges } from './fileChanges.js';
import { NewFolders } from './newFolders.js';
import type { Logger, Timer } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';
import type { ServerId } from '../../core/server/identity.js';

/** The servers of a folder; what could not be read is in `problems`, in the user's words. */
interface FoundServers {
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly string[];
}

/** Finds the servers of workspace folders. */
export interface ServerFinder {
  /** Glob of the files whose changes may matter. */
  readonly watched: string;
  /** Whether a change of a file can change anything; some files matter by being there alone. */
  matters(path: string, isThereAlready: boolean): boolean;
  /** Whether files that matter were in a folder, which may be gone with all of them. */
  hasFilesIn(folder: WorkspaceFolder, path: string): boolean;
  /** Takes in the files of a folder that have changed, by their relative paths, or looks for all anew. */
  update(
    folder: WorkspaceFolder,
    changes: ReadonlySet<string> | undefined,
    onStep: () => void,
  ): Promise<void>;
  /** What was found so far, without what people have written. */
  partialResults(folder: WorkspaceFolder): readonly ServerDefinition[];
  /** All servers of a folder. */
  results(folder: WorkspaceFolder): Promise<FoundServers>;
}

/** Changes within so many milliseconds are one: an install or a change of branch touches many files. */
const scanDelayMs = 100;

/** Settings that decide what is looked for. */
const searchSettings = ['devServers.discovery', 'files.exclude', 'search.exclude', 'search.useIgnoreFiles'];

export interface DefinitionsDeps {
  readonly registry: Pick<Registry, 'define'>;
  /** Loads the code that finds servers. */
  readonly load: () => Promise<ServerFinder>;
  readonly timer: Timer;
  readonly log: Logger;
  readonly onProblems: (problems: readonly string[]) => void;
}

/** Keeps the registry's definitions those of the workspace, from the first time that somebody wants to see them. */
export class Definitions implements Disposable {
  readonly #disposables: Disposable[] = [];
  /** What was brought to this window, and stands in no file and no setting. */
  readonly #added = new Map<ServerId, ServerDefinition>();
  readonly #changes = new FileChanges();
  readonly #firstResults = new Signal();
  #finder: Promise<ServerFinder> | undefined;
  #firstScan: Promise<void> | undefined;
  #lastScan: Promise<void> = Promise.resolve();
  #nextScan: Promise<void> | undefined;
  #reportedProblems = '';

  readonly #scheduledScan: Debouncer;

  constructor(private readonly deps: DefinitionsDeps) {
    this.#scheduledScan = new Debouncer(deps.timer, () => void this.#queueScan());
  }

  /** Resolves when the workspace has been looked through once. */
  whenScanned(): Promise<void> {
    this.#firstScan ??= this.#watch().then(() => this.rescan());
    return this.#firstScan;
  }

  /** Resolves when the first servers are known; the others follow. */
  whenFirstResults(): Promise<void> {
    void this.whenScanned();
    return this.#firstResults.promise;
  }

  /** Looks through the whole workspace, one look after the other. Calls during a look share the one that follows it. */
  rescan(): Promise<void> {
    this.#changes.addAll();
    return this.#queueScan();
  }

  /** Lists one more server until the window ends. Resolves when the registry knows it. */
  async add(definition: ServerDefinition): Promise<void> {
    await this.whenScanned();
    this.#added.set(definition.id, definition);
    await this.#queueScan();
  }

  dispose(): void {
    this.#scheduledScan.cancel();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** The code for this is loaded when somebody wants to see servers. */
  #loadFinder(): Promise<ServerFinder> {
    this.#finder ??= this.deps.load();
    return this.#finder;
  }

  async #watch(): Promise<void> {
    const finder = await this.#loadFinder();
    const watcher = workspace.createFileSystemWatcher(finder.watched);
    const onFileChange = (uri: Uri, isThereAlready: boolean): void => {
      if (this.#changes.add(uri, (path) => finder.matters(path, isThereAlready))) this.#scheduleScan();
    };
    const scanEverything = (): void => {
      this.#changes.addAll();
      this.#scheduleScan();
    };
    // When a folder comes, goes or is renamed, nothing is told of the files in it.
    const allFiles = workspace.createFileSystemWatcher('**');
    const mayMatter = (path: string): boolean => finder.matters(path, false);
    const newFolders = new NewFolders({
      watcher: allFiles,
      timer: this.deps.timer,
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
        else if (event.affectsConfiguration('devServers.servers')) this.#scheduleScan();
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

  /** What the workspace itself calls by that id comes first. */
  #withAdded(found: readonly ServerDefinition[]): readonly ServerDefinition[] {
    const ids = new Set(found.map(({ id }) => id));
    return [...found, ...[...this.#added.values()].filter(({ id }) => !ids.has(id))];
  }

  /** Never rejects: what cannot be read is told, and the rest is listed. */
  async #scan(): Promise<void> {
    try {
      const finder = await this.#loadFinder();
      const failures = await this.#updateFolders(finder);
      const { definitions, problems } = await readResults(finder);
      await this.deps.registry.define(this.#withAdded(definitions));
      await commands.executeCommand('setContext', 'devServers.discovered', true);
      this.#reportProblems([...problems, ...failures]);
    } catch (error) {
      this.deps.log.error('The workspace could not be looked through', error);
    }
    this.#firstResults.resolve();
  }

  /** Why folders could not be searched. */
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
      );
      this.#firstResults.resolve();
    } catch (error) {
      this.deps.log.error('The first servers could not be shown', error);
    }
  }

  /** Once for each state of things, and not again with every change of a file that has nothing to do with them. */
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
    problems: found.flatMap(({ problems }) => problems),
  };
}

function trustedFolders(): readonly WorkspaceFolder[] {
  return workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
}

/** Something that happens once and is waited for. */
class Signal {
  resolve: () => void = () => undefined;
  readonly promise = new Promise<void>((resolve) => {
    this.resolve = resolve;
  });
}
