import { EventEmitter, type Disposable, type Memento } from 'vscode';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { Preferences } from '../../core/views/groupOrder.js';
import { storedKey } from '../workspace/storedIdentity.js';

const pinnedKey = 'devServers.pinned';
const recentKey = 'devServers.recent';

/** Number of started servers that are remembered. */
const maxRecent = 10;

/** Servers that the user has pinned or recently started. Stored in the state of the workspace. */
export class PreferredServers implements Preferences, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(private readonly memento: Memento) {}

  isPinned(definition: ServerDefinition): boolean {
    const pinned = this.#list(pinnedKey);
    return pinned.length > 0 && pinned.includes(storedKey(definition));
  }

  async setPinned(definition: ServerDefinition, isPinned: boolean): Promise<void> {
    const key = storedKey(definition);
    const others = this.#list(pinnedKey).filter((other) => other !== key);
    await this.#store(pinnedKey, isPinned ? [...others, key] : others);
  }

  recency(definition: ServerDefinition): number | undefined {
    const recent = this.#list(recentKey);
    const index = recent.length === 0 ? -1 : recent.indexOf(storedKey(definition));
    return index === -1 ? undefined : index;
  }

  /** Records that the user has started these servers. */
  async addRecent(definitions: readonly ServerDefinition[]): Promise<void> {
    const keys = definitions.map((definition) => storedKey(definition));
    const recent = [...new Set([...keys, ...this.#list(recentKey)])].slice(0, maxRecent);
    await this.#store(recentKey, recent);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #list(key: string): readonly string[] {
    return this.memento.get<readonly string[]>(key, []);
  }

  async #store(key: string, list: readonly string[]): Promise<void> {
    await this.memento.update(key, list);
    this.#changed.fire();
  }
}
