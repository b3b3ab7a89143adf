import { commands, workspace, type Disposable, type WorkspaceFolder } from 'vscode';
import type { Log } from '../core/ports.js';
import type { Registry } from '../core/registry.js';
import type { ServerDefinition, ServerId } from '../core/server.js';

/** Finds the servers of a folder; what could not be read is in `problems`, in the user's words. */
export type FindServers = (folder: WorkspaceFolder) => Promise<{
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly string[];
}>;

/** Changes within so many milliseconds are one: an install touches thousands of files. */
const settleMs = 300;

/** Where scripts stand, what says which package manager runs them, and where servers are configured. */
const watchedFiles =
  '**/{package.json,package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,pnpm-workspace.yaml,bun.lock,bun.lockb,deno.lock,dev-servers.json}';

/** Keeps the registry's definitions those of the workspace, from the first time that somebody wants to see them. */
export class Definitions implements Disposable {
  readonly #disposables: Disposable[] = [];
  /** What was brought to this window, and stands in no file and no setting. */
  readonly #added = new Map<ServerId, ServerDefinition>();
  #first: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #toldProblems = '';

  constructor(
    private readonly registry: Registry,
    private readonly find: FindServers,
    private readonly log: Log,
    private readonly onProblems: (problems: readonly string[]) => void,
  ) {}

  /** Resolves when the workspace has been looked through once. */
  ensure(): Promise<void> {
    if (!this.#first) this.#watch();
    this.#first ??= this.refresh();
    return this.#first;
  }

  /** Looks through the workspace, one look after the other. Calls during a look share the one that follows it. */
  refresh(): Promise<void> {
    this.#next ??= this.#last.then(() => {
      this.#next = undefined;
      this.#last = this.#look();
      return this.#last;
    });
    return this.#next;
  }

  /** Lists one more server until the window ends. Resolves when the registry knows it. */
  async add(definition: ServerDefinition): Promise<void> {
    this.#added.set(definition.id, definition);
    await this.refresh();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #watch(): void {
    const watcher = workspace.createFileSystemWatcher(watchedFiles);
    const soon = (): void => this.#soon();
    this.#disposables.push(
      watcher,
      watcher.onDidCreate(({ path }) => !path.includes('/node_modules/') && soon()),
      watcher.onDidChange(({ path }) => !path.includes('/node_modules/') && soon()),
      watcher.onDidDelete(({ path }) => !path.includes('/node_modules/') && soon()),
      workspace.onDidChangeWorkspaceFolders(soon),
      workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('devServers.servers') && soon(),
      ),
      workspace.onDidGrantWorkspaceTrust(soon),
    );
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), settleMs);
  }

  /** Never rejects: what cannot be read is told, and the rest is listed. */
  async #look(): Promise<void> {
    try {
      const { definitions, problems } = await this.#findAll();
      await this.registry.define(this.#withAdded(definitions));
      await commands.executeCommand('setContext', 'devServers.discovered', true);
      this.#tellProblems(problems);
    } catch (error) {
      this.log.error('The workspace could not be looked through', error);
    }
  }

  /** What the workspace itself calls by that id comes first. */
  #withAdded(found: readonly ServerDefinition[]): readonly ServerDefinition[] {
    const ids = new Set(found.map(({ id }) => id));
    return [...found, ...[...this.#added.values()].filter(({ id }) => !ids.has(id))];
  }

  async #findAll(): Promise<Awaited<ReturnType<FindServers>>> {
    const folders = workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
    const found = await Promise.allSettled(folders.map((folder) => this.find(folder)));
    const definitions: ServerDefinition[] = [];
    const problems: string[] = [];
    for (const [index, result] of found.entries()) {
      if (result.status === 'rejected') {
        problems.push(`${folders[index]?.name}: ${String(result.reason)}`);
        continue;
      }
      definitions.push(...result.value.definitions);
      problems.push(...result.value.problems);
    }
    return { definitions, problems };
  }

  /** Once for each state of things, and not again with every change of a file that has nothing to do with them. */
  #tellProblems(problems: readonly string[]): void {
    const text = problems.join('\n');
    if (text === this.#toldProblems) return;
    this.#toldProblems = text;
    for (const problem of problems) this.log.error(problem);
    if (problems.length > 0) this.onProblems(problems);
  }
}
