import { definedRecord } from './definedRecord.js';
import { missingDependencies, findWaitCycle } from './dependencyGraph.js';
import { ServerError } from '../server/errors.js';
import { ExclusiveLock } from './locks.js';
import type { LockMetrics } from './lockMetrics.js';
import type { Origin } from '../server/origin.js';
import { shortName, type ServerDefinition } from '../server/definition.js';
import type { ServerRecord, Snapshot } from './snapshot.js';
import { type LiveRun, type RunId, type ServerEvent, type ServerState } from '../server/state.js';
import { nextState } from '../server/transitions.js';
import { untranslated } from '../text.js';
import type { Logger } from '../common.js';
import { requireOpen } from './closing.js';
import type { Admission, StartOptions } from './admission.js';
import type { ServerId } from '../server/identity.js';
import { isActive, isIdle } from '../server/stateQueries.js';

/** In the order in which the servers are listed. */
type Records = ReadonlyMap<ServerId, ServerRecord>;

/** The changes of one transaction, which are committed together or not at all. */
interface Draft {
  records: Map<ServerId, ServerRecord>;
  closed: boolean;
}

export interface RegistryDeps {
  readonly admission: Admission;
  readonly log: Logger;
}

/**
 * The single source of truth about the servers of a window. Every change is made under one lock, which is held for the
 * change alone, never across a spawn, a kill or a probe.
 */
export class Registry {
  readonly #lock = new ExclusiveLock();
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #records: Records = new Map();
  #current = createSnapshot(0, false, this.#records);

  constructor(private readonly deps: RegistryDeps) {}

  /** The latest snapshot; for views, which are notified of every later one. */
  get current(): Snapshot {
    return this.#current;
  }

  /** Use of the lock so far. */
  get lockMetrics(): LockMetrics {
    return this.#lock.metrics;
  }

  /** Returns the snapshot after every change that was requested before this call. */
  snapshot(): Promise<Snapshot> {
    return this.#lock.run(() => this.#current);
  }

  /** Calls `listener` with every new snapshot, outside the lock. Returns a function that unsubscribes it. */
  onDidChange(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Replaces the definitions by those of the workspace now. An active server stays until it has ended, even without a
   * definition; a queued one does not. While the workspace is still searched, every server stays that is not found yet.
   */
  define(definitions: readonly ServerDefinition[], { isComplete = true } = {}): Promise<Snapshot> {
    return this.#change((draft) => {
      const previous = draft.records;
      draft.records = new Map(definitions.map((each) => [each.id, definedRecord(each, previous)]));
      for (const [id, record] of previous) {
        if (draft.records.has(id) || (isComplete && !isActive(record.state))) continue;
        const isKept = record.retired || !isComplete;
        draft.records.set(id, isKept ? record : Object.freeze({ ...record, retired: true }));
      }
    });
  }

  /**
   * Reserves the server for a start, before its process exists. With `afterDependencies` it returns `false` and changes
   * nothing unless every dependency of the server is ready within the same transaction. Throws a `ServerError` if the
   * registry is closed, or the server is unknown, active already or not admitted.
   */
  async reserve(
    id: ServerId,
    runId: RunId,
    { afterDependencies = false, startedBy }: Pick<StartOptions, 'afterDependencies' | 'startedBy'> = {},
  ): Promise<boolean> {
    let isReserved = true;
    await this.#change(async (draft) => {
      const record = requireRecord(draft.records, id);
      requireOpen(draft, record, 'start');
      isReserved = !afterDependencies || missingFor(draft, id).length === 0;
      if (!isReserved) return;
      const running = [...draft.records.values()].filter(({ state }) => isActive(state)).length;
      await this.deps.admission.admit(record.definition, running);
      apply(draft, record, { kind: 'reserve', runId, ...(startedBy && { startedBy }) });
    });
    return isReserved;
  }

  /**
   * Queues a start until the dependencies of the server are ready. Throws `closed`, `unknownServer`, `illegalEvent`, or
   * `dependencyCycle` if one of them waits for the server itself.
   */
  async queue(id: ServerId, runId: RunId, startedBy?: Origin): Promise<void> {
    await this.#change((draft) => {
      const record = requireRecord(draft.records, id);
      requireOpen(draft, record, 'start');
      const waitsFor = Object.freeze(missingFor(draft, id));
      apply(draft, record, { kind: 'queue', runId, waitsFor, ...(startedBy && { startedBy }) });
      requireNoCycle(draft, record);
    });
  }

  /**
   * Adopts a process that runs already. Throws `closed`, `unknownServer`, or `illegalEvent` if the server is not idle.
   */
  async adopt(id: ServerId, run: LiveRun, url: string | undefined): Promise<void> {
    await this.#change((draft) => {
      const record = requireRecord(draft.records, id);
      requireOpen(draft, record, 'adoption');
      apply(draft, record, { kind: 'adopted', run, url });
    });
  }

  /** Lists a server as an earlier window left it. Throws `closed`, or `illegalEvent` if it is not idle. */
  async restore(definition: ServerDefinition, state: ServerState): Promise<void> {
    await this.#change((draft) => {
      const record = draft.records.get(definition.id) ?? { definition, state, retired: false };
      requireOpen(draft, record, 'adoption');
      if (draft.records.has(definition.id) && !isIdle(record.state)) throw illegalEvent('restore', record);
      draft.records.set(definition.id, Object.freeze({ ...record, state }));
    });
  }

  /**
   * Applies an event and returns the snapshot after it. Throws `illegalEvent` if the server's state does not accept it.
   */
  dispatch(id: ServerId, event: ServerEvent): Promise<Snapshot> {
    return this.#change((draft) => apply(draft, requireRecord(draft.records, id), event));
  }

  /** Refuses every further start and empties the queue. Returns the servers to clean up. */
  close(): Promise<Snapshot> {
    return this.#change((draft) => {
      draft.closed = true;
      for (const record of draft.records.values()) {
        const { state } = record;
        if (state.kind === 'queued') apply(draft, record, { kind: 'leaveQueue', runId: state.runId });
      }
    });
  }

  /** Returns the latest record, if the server is known. */
  find(id: ServerId): ServerRecord | undefined {
    return this.#records.get(id);
  }

  /** Returns the latest record. Throws `unknownServer`. */
  get(id: ServerId): ServerRecord {
    return requireRecord(this.#records, id);
  }

  #change(edit: (draft: Draft) => void | Promise<void>): Promise<Snapshot> {
    return this.#lock.run(() => this.#transact(edit)).then((snapshot) => this.#publish(snapshot));
  }

  /**
   * Commits a synchronous edit without a turn of the promise queue, which releases the lock at once; most edits are.
   */
  #transact(edit: (draft: Draft) => void | Promise<void>): Snapshot | Promise<Snapshot> {
    const draft: Draft = { records: new Map(this.#records), closed: this.#current.closed };
    const editing = edit(draft);
    return editing ? editing.then(() => this.#commit(draft)) : this.#commit(draft);
  }

  #commit({ records, closed }: Draft): Snapshot {
    this.#records = records;
    this.#current = createSnapshot(this.#current.version + 1, closed, records);
    return this.#current;
  }

  /** Isolates the failure of a listener: the change is committed, and the other listeners are notified of it. */
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

function createSnapshot(version: number, closed: boolean, records: Records): Snapshot {
  return Object.freeze({ version, closed, servers: Object.freeze([...records.values()]) });
}

function requireRecord(records: Records, id: ServerId): ServerRecord {
  const record = records.get(id);
  if (!record) throw new ServerError('unknownServer', untranslated('No server has the id "{0}".', id));
  return record;
}

/** Returns the dependencies of the server that are not ready. */
function missingFor({ records }: Draft, id: ServerId): readonly ServerId[] {
  const record = records.get(id);
  return record ? missingDependencies(record.definition, (needed) => records.get(needed)?.state) : [];
}

/** Checks the queue itself: definitions change, so an acyclic plan does not prove that the queue is acyclic now. */
function requireNoCycle(draft: Draft, { definition }: ServerRecord): void {
  const cycle = findWaitCycle(definition.id, (id) =>
    draft.records.get(id)?.state.kind === 'queued' ? missingFor(draft, id) : [],
  );
  if (!cycle) return;
  throw new ServerError(
    'dependencyCycle',
    untranslated(
      '{0} was not started because of a circular dependency: {1}.',
      shortName(definition.name),
      cycle.join(' → '),
    ),
  );
}

function apply(draft: Draft, record: ServerRecord, event: ServerEvent): void {
  const { definition, state } = record;
  const next = nextState(state, event);
  if (!next) throw illegalEvent(event.kind, record);
  if (record.retired && !isActive(next)) draft.records.delete(definition.id);
  else draft.records.set(definition.id, Object.freeze({ ...record, state: next }));
}

function illegalEvent(name: string, { definition, state }: ServerRecord): ServerError {
  return new ServerError(
    'illegalEvent',
    untranslated('"{0}" is not possible for {1} while {2}.', name, definition.id, state.kind),
  );
}
