import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/**
 * In the long run a query and the pause after it take this many times the duration of the query, so that many stops at
 * once leave time for work.
 */
const pauseFactor = 2;

/** Pauses are deferred until they add up to this, milliseconds, so that a few queries in a row are not delayed. */
const maxDeferredPauseMs = 60;

/** Maximum part of the work after a query that counts as its duration, milliseconds, since other work may run then. */
const maxExtraMs = 8;

const systemTime = { now: () => performance.now(), sleep };

/** The defaults suit a tool of the system. */
interface QueryOptions {
  /** Timeout of a query, milliseconds: a tool that hangs must not hang a stop. */
  readonly limitMs?: number;
  /** Returns a growing count of the milliseconds that queries take from other work. */
  readonly effort?: () => number;
  /** Monotonic milliseconds, and a pause of that many. */
  readonly time?: { now(): number; sleep(milliseconds: number): Promise<unknown> };
}

/**
 * One table of the system, of its processes or its sockets, shared by all callers that ask at about the same time: fifty
 * stops at once query no more often than one. A result is never older than its request.
 */
export class SharedQuery<Entry> {
  #next: Promise<readonly Entry[]> | undefined;
  /** Resolves at the end of the query in progress. */
  #running: Promise<unknown> = Promise.resolve();
  /** End of all pauses that are due, including the deferred ones, on the clock of `#time`. */
  #pausedUntil = 0;

  readonly #limitMs: number;
  readonly #effort: () => number;
  readonly #time: NonNullable<QueryOptions['time']>;

  constructor(
    private readonly list: () => Promise<readonly Entry[]>,
    { limitMs = 12_000, effort = () => performance.now(), time = systemTime }: QueryOptions = {},
  ) {
    this.#limitMs = limitMs;
    this.#effort = effort;
    this.#time = time;
  }

  /** Resolves with the table; rejects with the error of the query, or at its timeout. */
  get(): Promise<readonly Entry[]> {
    this.#next ??= this.#run();
    return this.#next;
  }

  async #run(): Promise<readonly Entry[]> {
    // Callers that ask until then share the query.
    await this.#running;
    const pauseMs = this.#pausedUntil - maxDeferredPauseMs - this.#time.now();
    if (pauseMs > 0) await this.#time.sleep(pauseMs);
    // Callers from here on must get a later query than this one.
    this.#next = undefined;
    const start = this.#effort();
    const query = withTimeout(this.#limitMs, this.list());
    this.#running = query.catch(() => undefined).then(() => this.#schedulePause(this.#effort() - start));
    return query;
  }

  /** Includes some of the time of the callers, since they may read more of what is listed. */
  async #schedulePause(queryMs: number): Promise<void> {
    const listed = this.#effort();
    await nextTurn();
    const now = this.#time.now();
    const newPauseMs = (queryMs + Math.min(this.#effort() - listed, maxExtraMs)) * pauseFactor;
    this.#pausedUntil = Math.max(this.#pausedUntil, now) + newPauseMs;
  }
}

async function withTimeout<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No list within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
