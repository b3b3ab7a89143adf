import { Mutex } from 'async-mutex';
import { LockMeter, type LockMetrics } from './lockMetrics.js';

/** Runs one piece of work at a time, in the order of the calls; a failure releases the lock. */
export class ExclusiveLock {
  readonly #mutex = new Mutex();
  readonly #meter = new LockMeter();

  get metrics(): LockMetrics {
    return this.#meter.metrics;
  }

  /** Runs work under the lock. Not re-entrant: work must not acquire the lock that it runs under. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#exclusively(this.#meter.measure(work));
  }

  #exclusively<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#mutex.runExclusive(work);
  }
}

interface KeyQueue<Outcome> {
  readonly lock: ExclusiveLock;
  /** The operation called last, until it has ended. */
  last: { readonly operation: string | undefined; readonly outcome: Promise<Outcome> } | undefined;
}

/**
 * Runs the operations with the same key one after the other. A call joins the operation before it, and gets its
 * outcome, if that has the same name and has not ended: a double click starts one process. It joins only the last
 * operation, never an equal one further ahead: a stop called after a start must not get the outcome of a stop from
 * before that start. An operation without a name joins none.
 */
export class KeyedQueue<Outcome> {
  readonly #queues = new Map<string, KeyQueue<Outcome>>();

  run(key: string, operation: string | undefined, work: () => Promise<Outcome>): Promise<Outcome> {
    const queue = this.#queueFor(key);
    if (operation !== undefined && queue.last?.operation === operation) return queue.last.outcome;
    const outcome = queue.lock.run(work);
    const entry = { operation, outcome };
    queue.last = entry;
    const remove = (): void => {
      if (queue.last === entry) this.#queues.delete(key);
    };
    outcome.then(remove, remove);
    return outcome;
  }

  /** Returns whether the operation with this key that was called last has this name, and has not ended. */
  isLast(key: string, operation: string): boolean {
    return this.#queues.get(key)?.last?.operation === operation;
  }

  /** Returns whether an operation with this key runs or waits. */
  isBusy(key: string): boolean {
    return this.#queues.has(key);
  }

  #queueFor(key: string): KeyQueue<Outcome> {
    const existing = this.#queues.get(key);
    if (existing) return existing;
    const queue: KeyQueue<Outcome> = { lock: new ExclusiveLock(), last: undefined };
    this.#queues.set(key, queue);
    return queue;
  }
}
