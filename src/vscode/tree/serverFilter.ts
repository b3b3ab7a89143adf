import { commands, EventEmitter, type Disposable } from 'vscode';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { matchesWords, searchText } from '../../core/views/serverSearch.js';

/** Words by which the user narrows the view to some servers, until the window closes. */
export class ServerFilter implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #words = '';
  #shown: { readonly of: readonly ServerRecord[]; readonly servers: readonly ServerRecord[] } | undefined;

  get words(): string {
    return this.#words;
  }

  set words(words: string) {
    if (words.trim() === this.#words) return;
    this.#words = words.trim();
    this.#shown = undefined;
    void commands.executeCommand('setContext', 'devServers.filtered', this.#words !== '');
    this.#changed.fire();
  }

  /** Returns the servers that match; the same array for the same servers. */
  shown(servers: readonly ServerRecord[]): readonly ServerRecord[] {
    if (this.#words === '') return servers;
    if (this.#shown?.of !== servers) {
      const matching = servers.filter((record) => matchesWords(searchText(record), this.#words));
      this.#shown = { of: servers, servers: matching };
    }
    return this.#shown.servers;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
