import { Mutex } from 'async-mutex';
import { LockMeter, type LockMetrics } from './lockMetrics.js';

/** Runs one piece of work at a time, in the order of the calls; a failure lets the next one in. */
export class ExclusiveLock {
  readonly #mutex = new Mutex();
  readonly #statistics = new LockMeter();

  get metrics(): LockMetrics {
    return this.#statistics.metrics;
  }

  /** Not re-entrant: work must not ask for the lock that it runs under. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#exclusively(this.#statistics.measured(work));
  }

  #exclusively<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#mutex.runExclusive(work);
  }
}

interface KeyQueue<Outcome> {
  readonly lock: ExclusiveLock;
  /** The operation called last, as long as it has not ended. */
  last: { readonly operation: string | undefined; readonly outcome: Promise<Outcome> } | undefined;
}

/**
 * One lane per key, in which operations run one after the other. A call joins the operation before it when that is the
 * same one and has not ended, and gets its outcome: a double click starts one process. It joins only the last one, never
 * an equal one further ahead: a stop called after a start must not be answered by a stop from before that start. An
 * operation without a name joins none.
 */
export class KeyedQueue<Outcome> {
  readonly #lanes = new Map<string, KeyQueue<Outcome>>();

  run(key: string, operation: string | undefined, work: () => Promise<Outcome>): Promise<Outcome> {
    const lane = this.#lane(key);
    if (operation !== undefined && lane.last?.operation === operation) return lane.last.outcome;
    const outcome = lane.lock.run(work);
    const entry = { operation, outcome };
    lane.last = entry;
    const leave = (): void => {
      if (lane.last === entry) this.#lanes.delete(key);
    };
    outcome.then(leave, leave);
    return outcome;
  }

  /** Whether an operation with this key runs or waits. */
  isBusy(key: string): boolean {
    return this.#lanes.has(key);
  }

  #lane(key: string): KeyQueue<Outcome> {
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane: KeyQueue<Outcome> = { lock: new ExclusiveLock(), last: undefined };
    this.#lanes.set(key, lane);
    return lane;
  }
}
