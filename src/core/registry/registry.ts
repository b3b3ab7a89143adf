import { missingDependencies, findWaitCycle } from './dependencyGraph.js';
import { ServerError } from '../server/errors.js';
import { ExclusiveLock } from './locks.js';
import type { LockMetrics } from './lockMetrics.js';
import type { Origin } from '../server/origin.js';
import type { ServerDefinition } from '../server/definition.js';
import { LazySnapshot, ServerRecords, type ServerRecord, type Snapshot } from './snapshot.js';
import { type LiveRun, type RunId, type ServerEvent, type ServerState } from '../server/state.js';
import { nextState } from '../server/transitions.js';
import type { Logger } from '../common.js';
import type { Admission, StartOptions } from './admission.js';
import type { ServerId } from '../server/identity.js';
import { isActive } from '../server/stateQueries.js';

type Records = Pick<ServerRecords, 'get'>;

/** The changes one transaction wants; they become true together, or not at all. */
interface Draft {
  records: ServerRecords;
  closed: boolean;
}

export interface RegistryDeps {
  readonly admission: Admission;
  readonly log: Logger;
}

/**
 * The only truth about the servers of a window. Every change happens under one lock that is held for the change alone,
 * never across a spawn, a kill or a probe.
 */
export class Registry {
  readonly #lock = new ExclusiveLock();
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #records = new ServerRecords();
  #current: Snapshot = new LazySnapshot(0, false, this.#records);

  constructor(private readonly deps: RegistryDeps) {}

  /** The snapshot published last; for views, which are told of every later one. */
  get current(): Snapshot {
    return this.#current;
  }

  /** How the lock was used so far. */
  get lockMetrics(): LockMetrics {
    return this.#lock.metrics;
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

  /**
   * Takes over what the workspace defines now. A server that runs stays until it has ended, even without a definition; one
   * that only waits in the queue does not.
   */
  define(definitions: readonly ServerDefinition[]): Promise<Snapshot> {
    return this.#change((draft) => {
      const old = draft.records;
      const entries = definitions.map((definition) => [definition.id, defined(definition, old)] as const);
      draft.records = new ServerRecords(entries);
      for (const [id, record] of old) {
        if (!draft.records.has(id) && isActive(record.state)) {
          draft.records.set(id, record.retired ? record : Object.freeze({ ...record, retired: true }));
        }
      }
    });
  }

  /**
   * Promises a start its place, before any process exists. With `afterDependencies` the answer is `false`, and nothing
   * changes, unless all that the server depends on is ready in this very transaction. Throws a `ServerError` when the
   * registry is closed, the server is unknown, runs already, or is not admitted.
   */
  async reserve(
    id: ServerId,
    runId: RunId,
    { afterDependencies = false, startedBy }: Pick<StartOptions, 'afterDependencies' | 'startedBy'> = {},
  ): Promise<boolean> {
    let isReserved = true;
    await this.#change(async (draft) => {
      const record = known(draft, id);
      requireOpen(draft, `${record.definition.name} was not started`);
      isReserved = !afterDependencies || missing(draft, id).length === 0;
      if (!isReserved) return;
      const running = [...draft.records.values()].filter(({ state }) => isActive(state)).length;
      await this.deps.admission.admit(record.definition, running);
      apply(draft, record, { kind: 'reserve', runId, ...(startedBy && { startedBy }) });
    });
    return isReserved;
  }

  /**
   * Lets a start wait for what the server depends on. Throws `closed`, `unknownServer`, `illegalEvent`, or
   * `dependencyCycle` when one of these waits for the server itself.
   */
  async queue(id: ServerId, runId: RunId, startedBy?: Origin): Promise<void> {
    await this.#change((draft) => {
      const record = known(draft, id);
      requireOpen(draft, `${record.definition.name} was not started`);
      const waitsFor = Object.freeze(missing(draft, id));
      apply(draft, record, { kind: 'queue', runId, waitsFor, ...(startedBy && { startedBy }) });
      requireNoCircle(draft, record);
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

  /** Applies an event; resolves with what that made. Throws `illegalEvent` when it cannot happen in the server's state. */
  dispatch(id: ServerId, event: ServerEvent): Promise<Snapshot> {
    return this.#change((draft) => apply(draft, known(draft, id), event));
  }

  /** From the moment this resolves no start is accepted any more, and none waits. Returns what there is to clean up. */
  close(): Promise<Snapshot> {
    return this.#change((draft) => {
      draft.closed = true;
      for (const record of draft.records.values()) {
        const { state } = record;
        if (state.kind === 'queued') apply(draft, record, { kind: 'leaveQueue', runId: state.runId });
      }
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
    return this.#lock.run(() => this.#transact(edit)).then((snapshot) => this.#publish(snapshot));
  }

  /** Most edits wait for nothing; then the lock is given on at once. */
  #transact(edit: (draft: Draft) => void | Promise<void>): Snapshot | Promise<Snapshot> {
    const draft: Draft = { records: this.#records.copy(), closed: this.#current.closed };
    const editing = edit(draft);
    return editing ? editing.then(() => this.#commit(draft)) : this.#commit(draft);
  }

  #commit({ records, closed }: Draft): Snapshot {
    this.#records = records;
    this.#current = new LazySnapshot(this.#current.version + 1, closed, records);
    return this.#current;
  }

  /** A listener's failure is its own: the change is made, and the others hear of it. */
  #publish(snapshot: Snapshot): Snapshot {
    for (const listener of this.#listeners) {
      try {
        listener(snapshot);
      } catch (error) {
        this.deps.log.error('A listener of the registry failed', error);
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

/** What the server depends on and is not ready. */
function missing({ records }: Draft, id: ServerId): readonly ServerId[] {
  const record = records.get(id);
  return record ? missingDependencies(record.definition, (needed) => records.get(needed)?.state) : [];
}

/** Definitions change, so that a plan without a circle says nothing about who waits for whom now. */
function requireNoCircle(draft: Draft, { definition }: ServerRecord): void {
  const circle = findWaitCycle(definition.id, (id) =>
    draft.records.get(id)?.state.kind === 'queued' ? missing(draft, id) : [],
  );
  if (!circle) return;
  throw new ServerError(
    'dependencyCycle',
    `${definition.name} was not started: its dependencies go in a circle: ${circle.join(' → ')}.`,
  );
}

function apply(draft: Draft, record: ServerRecord, event: ServerEvent): void {
  const { definition, state } = record;
  const following = nextState(state, event);
  if (!following) {
    throw new ServerError(
      'illegalEvent',
      `"${event.kind}" cannot happen to ${definition.id} while ${state.kind}.`,
    );
  }
  if (record.retired && !isActive(following)) draft.records.delete(definition.id);
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
