import { commands, EventEmitter, Uri, workspace, type Disposable, type Memento } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { isIdle } from '../../core/server/stateQueries.js';

const storageKey = 'devServers.hidden';

/** Ids without the name of their folder, which may get another one, by the address of the folder. */
type Stored = Readonly<Record<string, readonly string[]>>;

interface Place {
  readonly folder: string;
  readonly id: string;
}

/** The servers that the user does not want to see. Only the workspace's own storage knows of them, never a file. */
export class HiddenServers implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #unsubscribe: () => void;
  /** Definitions are never changed, and asked for often. */
  readonly #places = new WeakMap<ServerDefinition, Place>();
  #showsHidden = false;
  #told = '';
  #shown: { readonly of: readonly ServerRecord[]; readonly servers: readonly ServerRecord[] } | undefined;

  constructor(
    private readonly memento: Memento,
    private readonly registry: Registry,
  ) {
    this.#unsubscribe = registry.onDidChange(() => this.#tell());
  }

  /** Whether hidden servers are listed too, for the time being. */
  set showsHidden(shows: boolean) {
    this.#showsHidden = shows;
    this.#announce();
  }

  isHidden(definition: ServerDefinition): boolean {
    const stored = this.#stored();
    if (Object.keys(stored).length === 0) return false;
    const { folder, id } = this.#placeOf(definition);
    return (stored[folder] ?? []).includes(id);
  }

  /** Those to be listed: what runs is never out of sight. The same object for the same servers while nothing changes. */
  shown(servers: readonly ServerRecord[]): readonly ServerRecord[] {
    if (this.#showsHidden) return servers;
    if (this.#shown?.of !== servers) {
      const wanted = servers.filter(({ definition, state }) => !isIdle(state) || !this.isHidden(definition));
      this.#shown = { of: servers, servers: wanted.length === servers.length ? servers : wanted };
    }
    return this.#shown.servers;
  }

  async setHidden(definition: ServerDefinition, isHidden: boolean): Promise<void> {
    const { folder, id } = this.#placeOf(definition);
    const stored = this.#stored();
    const others = (stored[folder] ?? []).filter((other) => other !== id);
    await this.memento.update(storageKey, { ...stored, [folder]: isHidden ? [...others, id] : others });
    this.#announce();
  }

  dispose(): void {
    this.#unsubscribe();
    this.#changed.dispose();
  }

  #placeOf(definition: ServerDefinition): Place {
    const { folder: name, id, cwd } = definition;
    const known = this.#places.get(definition);
    if (known) return known;
    const folder = workspace.getWorkspaceFolder(Uri.file(cwd))?.uri.toString() ?? name;
    const place = { folder, id: id.slice(name.length) };
    this.#places.set(definition, place);
    return place;
  }

  #stored(): Stored {
    return this.memento.get<Stored>(storageKey, {});
  }

  #announce(): void {
    this.#shown = undefined;
    this.#tell();
    this.#changed.fire();
  }

  /** What the toolbar and the empty view depend on. */
  #tell(): void {
    const { servers } = this.registry.current;
    const hasHidden = servers.some(({ definition }) => this.isHidden(definition));
    const text = `${hasHidden} ${this.#showsHidden}`;
    if (text === this.#told) return;
    this.#told = text;
    void commands.executeCommand('setContext', 'devServers.hasHidden', hasHidden);
    void commands.executeCommand('setContext', 'devServers.showsHidden', this.#showsHidden);
  }
}
