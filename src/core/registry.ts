import { ServerError } from './errors.js';
import { ExclusiveLock } from './locks.js';
import type { LockFigures } from './lockStatistics.js';
import type { Admission, Log } from './ports.js';
import type { ServerDefinition, ServerId } from './server.js';
import { isIdle, type LiveRun, type RunId, type ServerEvent, type ServerState } from './serverState.js';
import { next } from './transitions.js';

/** One server in the registry. Never changed: a new state is a new record. */
export interface ServerRecord {
  readonly definition: ServerDefinition;
  readonly state: ServerState;
  /** Its definition is gone from the workspace, so the record goes too as soon as nothing of it runs. */
  readonly retired: boolean;
}

/** The registry at one moment. Never changed; the same version is the same object. */
export interface Snapshot {
  /** Grows with every change. */
  readonly version: number;
  /** Clean-up has begun; nothing starts any more. */
  readonly closed: boolean;
  readonly servers: readonly ServerRecord[];
}

type Records = ReadonlyMap<ServerId, ServerRecord>;

/** The changes one transaction wants; they become true together, or not at all. */
interface Draft {
  records: Map<ServerId, ServerRecord>;
  closed: boolean;
}

export interface RegistryPorts {
  readonly admission: Admission;
  readonly log: Log;
}

/**
 * The only truth about the servers of a window. Every change happens under one lock that is held for the change alone,
 * never across a spawn, a kill or a probe.
 */
export class Registry {
  readonly #lock = new ExclusiveLock();
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #records: Records = new Map();
  #current: Snapshot = Object.freeze({ version: 0, closed: false, servers: Object.freeze([]) });

  constructor(private readonly ports: RegistryPorts) {}

  /** The snapshot published last; for views, which are told of every later one. */
  get current(): Snapshot {
    return this.#current;
  }

  /** How the lock was used so far. */
  get lockFigures(): LockFigures {
    return this.#lock.figures;
  }

  /** The snapshot once every change asked for before this call is done. */
  snapshot(): Promise<Snapshot> {
    return this.#lock.run(() => this.#current);
  }

  /** Calls `listener` with every new snapshot, outside the lock. Returns the function that ends it. */
  onDidChange(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes over what the workspace defines now. A server that runs stays until it has ended, even without a definition. */
  define(definitions: readonly ServerDefinition[]): Promise<Snapshot> {
    return this.#change((draft) => {
      const old = draft.records;
      draft.records = new Map(definitions.map((definition) => [definition.id, defined(definition, old)]));
      for (const [id, record] of old) {
        if (!draft.records.has(id) && !isIdle(record.state)) {
          draft.records.set(id, record.retired ? record : Object.freeze({ ...record, retired: true }));
        }
      }
    });
  }

  /**
   * Promises a start its place, before any process exists. Throws a `ServerError` when the registry is closed, the
   * server is unknown, runs already, or is not admitted.
   */
  async reserve(id: ServerId, runId: RunId): Promise<void> {
    await this.#change(async (draft) => {
      const record = known(draft, id);
      requireOpen(draft, `${record.definition.name} was not started`);
      const running = [...draft.records.values()].filter(({ state }) => !isIdle(state)).length;
      await this.ports.admission.admit(record.definition, running);
      apply(draft, record, { kind: 'reserve', runId });
    });
  }

  /** Takes in what runs already. Throws `closed`, `unknownServer`, or `illegalEvent` when the server runs itself. */
  async adopt(id: ServerId, run: LiveRun, url: string | undefined): Promise<void> {
    await this.#change((draft) => {
      const record = known(draft, id);
      requireOpen(draft, `${record.definition.name} was not adopted`);
      apply(draft, record, { kind: 'adopted', run, url });
    });
  }

  /** Applies an event. Throws `illegalEvent` when it cannot happen in the server's state. */
  async dispatch(id: ServerId, event: ServerEvent): Promise<void> {
    await this.#change((draft) => apply(draft, known(draft, id), event));
  }

  /** From the moment this resolves no start is accepted any more. Returns what there is to clean up. */
  close(): Promise<Snapshot> {
    return this.#change((draft) => {
      draft.closed = true;
    });
  }

  /** The record as changed last, if there is one. */
  find(id: ServerId): ServerRecord | undefined {
    return this.#records.get(id);
  }

  /** The record as published last. Throws `unknownServer`. */
  get(id: ServerId): ServerRecord {
    return known({ records: this.#records }, id);
  }

  #change(edit: (draft: Draft) => void | Promise<void>): Promise<Snapshot> {
    return this.#lock
      .run(async () => {
        const draft: Draft = { records: new Map(this.#records), closed: this.#current.closed };
        await edit(draft);
        this.#records = draft.records;
        this.#current = Object.freeze({
          version: this.#current.version + 1,
          closed: draft.closed,
          servers: Object.freeze([...draft.records.values()]),
        });
        return this.#current;
      })
      .then((snapshot) => this.#publish(snapshot));
  }

  /** A listener's failure is its own: the change is made, and the others hear of it. */
  #publish(snapshot: Snapshot): Snapshot {
    for (const listener of this.#listeners) {
      try {
        listener(snapshot);
      } catch (error) {
        this.ports.log.error('A listener of the registry failed', error);
      }
    }
    return snapshot;
  }
}

function known({ records }: { readonly records: Records }, id: ServerId): ServerRecord {
  const record = records.get(id);
  if (!record) throw new ServerError('unknownServer', `There is no server with the id "${id}".`);
  return record;
}

/** Part of the transaction that begins something, so that it is either before the closing or refused. */
function requireOpen(draft: Draft, refusal: string): void {
  if (draft.closed) {
    throw new ServerError('closed', `${refusal}: clean-up has begun.`);
  }
}

function apply(draft: Draft, record: ServerRecord, event: ServerEvent): void {
  const { definition, state } = record;
  const following = next(state, event);
  if (!following) {
    throw new ServerError(
      'illegalEvent',
      `"${event.kind}" cannot happen to ${definition.id} while ${state.kind}.`,
    );
  }
  if (record.retired && isIdle(following)) draft.records.delete(definition.id);
  else draft.records.set(definition.id, Object.freeze({ ...record, state: following }));
}

/** Keeps the record of a server whose definition did not change, so that views see nothing changed. */
function defined(definition: ServerDefinition, old: Records): ServerRecord {
  const record = old.get(definition.id);
  if (record && !record.retired && sameDefinition(record.definition, definition)) return record;
  const state: ServerState = record?.state ?? { kind: 'stopped', lastEnd: undefined };
  return Object.freeze({ definition, state, retired: false });
}

/** Most are the very objects they were. All are plain data of a fixed key order, so their text decides. */
function sameDefinition(one: ServerDefinition, other: ServerDefinition): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
