import { commands, EventEmitter, type Disposable, type Memento } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { isIdle } from '../../core/server/stateQueries.js';
import { storedIdentity } from '../workspace/storedIdentity.js';

const storageKey = 'devServers.hidden';

/** Ids of hidden servers by folder URI. They omit the folder's name, which may change. */
type StoredIds = Readonly<Record<string, readonly string[]>>;

/** Servers that the user has hidden. They are stored in the state of the workspace, never in a file. */
export class HiddenServers implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #unsubscribe: () => void;
  #showsHidden = false;
  #lastContext = '';
  #shown: { readonly of: readonly ServerRecord[]; readonly servers: readonly ServerRecord[] } | undefined;

  constructor(
    private readonly memento: Memento,
    private readonly registry: Registry,
  ) {
    this.#unsubscribe = registry.onDidChange(() => this.#updateContext());
  }

  /** Whether hidden servers are temporarily listed. */
  set showsHidden(shows: boolean) {
    this.#showsHidden = shows;
    this.#fireChange();
  }

  isHidden(definition: ServerDefinition): boolean {
    const stored = this.#stored();
    if (Object.keys(stored).length === 0) return false;
    const { folder, id } = storedIdentity(definition);
    return (stored[folder] ?? []).includes(id);
  }

  /**
   * Returns the servers to list; a running server is always listed. Returns the same array for the same servers until a
   * server is hidden or listed again.
   */
  shown(servers: readonly ServerRecord[]): readonly ServerRecord[] {
    if (this.#showsHidden) return servers;
    if (this.#shown?.of !== servers) {
      const wanted = servers.filter(({ definition, state }) => !isIdle(state) || !this.isHidden(definition));
      this.#shown = { of: servers, servers: wanted.length === servers.length ? servers : wanted };
    }
    return this.#shown.servers;
  }

  async setHidden(definition: ServerDefinition, isHidden: boolean): Promise<void> {
    const { folder, id } = storedIdentity(definition);
    const stored = this.#stored();
    const others = (stored[folder] ?? []).filter((other) => other !== id);
    await this.memento.update(storageKey, { ...stored, [folder]: isHidden ? [...others, id] : others });
    this.#fireChange();
  }

  dispose(): void {
    this.#unsubscribe();
    this.#changed.dispose();
  }

  #stored(): StoredIds {
    return this.memento.get<StoredIds>(storageKey, {});
  }

  #fireChange(): void {
    this.#shown = undefined;
    this.#updateContext();
    this.#changed.fire();
  }

  /** Sets the context keys for the toolbar and the empty view. */
  #updateContext(): void {
    const { servers } = this.registry.current;
    const hasHidden = servers.some(({ definition }) => this.isHidden(definition));
    const hasShown = this.shown(servers).length > 0;
    const text = `${hasHidden} ${this.#showsHidden} ${hasShown}`;
    if (text === this.#lastContext) return;
    this.#lastContext = text;
    void commands.executeCommand('setContext', 'devServers.hasHidden', hasHidden);
    void commands.executeCommand('setContext', 'devServers.hasShown', hasShown);
    void commands.executeCommand('setContext', 'devServers.showsHidden', this.#showsHidden);
  }
}
