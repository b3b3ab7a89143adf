import type { Registry } from '../registry/registry.js';
import type { ServerRecord, Snapshot } from '../registry/snapshot.js';
import type { RestartPolicy } from '../restart/restartPolicy.js';
import type { ServerId } from '../server/identity.js';
import { isIdle } from '../server/stateQueries.js';
import { isReasonToHold, isWorthSaving, type SavedServer } from './savedServer.js';

/** Keeps texts for the next window. */
export interface TextStore {
  save(key: string, value: string | undefined, isReason: boolean): void;
}

export interface WindowMemoryDeps {
  readonly registry: Pick<Registry, 'current' | 'onDidChange'>;
  readonly store: TextStore;
  /** Returns the port that the last start of a server used instead of its own. */
  readonly portOf: (id: ServerId) => number | undefined;
  readonly restarts: Pick<RestartPolicy, 'recordOf'>;
}

/** Prefix of the keys of servers. */
const serverKey = 'server ';

/** Returns whether a saved text is about a server. */
export function isServerKey(key: string): boolean {
  return key.startsWith(serverKey);
}

/**
 * Saves the state of each server in the process host with every change, for the next window: the extension host may be
 * killed at any moment.
 */
export class WindowMemory {
  readonly #saved = new Map<string, string>();
  readonly #unsubscribe: () => void;
  #seen: ReadonlyMap<ServerId, ServerRecord> = new Map();

  constructor(private readonly deps: WindowMemoryDeps) {
    this.#unsubscribe = deps.registry.onDidChange((snapshot) => this.#update(snapshot));
    this.#update(deps.registry.current);
  }

  /** Deletes the texts that an earlier window saved for servers that this window does not know. */
  forgetOthers(keys: readonly string[]): void {
    for (const key of keys)
      if (isServerKey(key) && !this.#saved.has(key)) this.deps.store.save(key, undefined, false);
  }

  dispose(): void {
    this.#unsubscribe();
  }

  #update({ servers, closed }: Snapshot): void {
    const seen = new Map(servers.map((record) => [record.definition.id, record]));
    for (const id of this.#seen.keys()) if (!seen.has(id)) this.#save(serverKey + id, undefined, false);
    for (const [id, record] of seen) {
      const before = this.#seen.get(id);
      // Starts that `close()` removes from the queue continue to wait in the next window.
      const isTakenOut = closed && before?.state.kind === 'queued' && isIdle(record.state);
      if (before !== record && !isTakenOut) this.#saveRecord(id, record);
    }
    this.#seen = seen;
  }

  #saveRecord(id: ServerId, record: ServerRecord): void {
    const key = serverKey + id;
    if (!isWorthSaving(record)) return this.#save(key, undefined, false);
    const { definition, state } = record;
    const port = this.deps.portOf(id);
    const restarts = this.deps.restarts.recordOf(id);
    const saved: SavedServer = {
      definition,
      state,
      ...(port !== undefined && { port }),
      ...(restarts && { restarts }),
    };
    this.#save(key, JSON.stringify(saved), isReasonToHold(state));
  }

  #save(key: string, value: string | undefined, isReason: boolean): void {
    if (this.#saved.get(key) === value) return;
    if (value === undefined) this.#saved.delete(key);
    else this.#saved.set(key, value);
    this.deps.store.save(key, value, isReason);
  }
}
