import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** In the long run looks are followed by rests so many times as long, so that many stops at once leave time for work. */
const restFactor = 2;

/** Rests that are put off add up to no more than this, milliseconds: a few looks in a row hold nobody up. */
const maxRestDueMs = 60;

/** No more of what follows a look counts as its time, milliseconds: what else is done then is not known. */
const maxExtraMs = 8;

/** What is not given is as for a tool that the system provides. */
interface QueryOptions {
  /** A look that takes longer fails: the tool that lists them hangs, and a stop must not with it. Milliseconds. */
  readonly limitMs?: number;
  /** Counts the milliseconds that looks take from others. */
  readonly effort?: () => number;
}

/**
 * One table of the system, of its processes or its sockets, for all who ask at about the same time: fifty stops at once
 * look no more often than one. An answer is never older than its question.
 */
export class SharedQuery<Entry> {
  #next: Promise<readonly Entry[]> | undefined;
  /** Resolves at the end of the look under way. */
  #running: Promise<unknown> = Promise.resolve();
  /** When all rests that are due would be over. */
  #restedAt = 0;

  readonly #limitMs: number;
  readonly #effort: () => number;

  constructor(
    private readonly list: () => Promise<readonly Entry[]>,
    { limitMs = 12_000, effort = () => performance.now() }: QueryOptions = {},
  ) {
    this.#limitMs = limitMs;
    this.#effort = effort;
  }

  get(): Promise<readonly Entry[]> {
    this.#next ??= this.#run();
    return this.#next;
  }

  async #run(): Promise<readonly Entry[]> {
    // Who asks until then shares the look.
    await this.#running;
    const restMs = this.#restedAt - maxRestDueMs - performance.now();
    if (restMs > 0) await sleep(restMs);
    // Whoever asks from here on must get a later look than this one.
    this.#next = undefined;
    const start = this.#effort();
    const look = within(this.#limitMs, this.list());
    this.#running = look.catch(() => undefined).then(() => this.#rest(this.#effort() - start));
    return look;
  }

  /** Counts also some of the time of those who asked, since they may read more of what is listed. */
  async #rest(lookMs: number): Promise<void> {
    const listed = this.#effort();
    await nextTurn();
    const now = performance.now();
    const newRestMs = (lookMs + Math.min(this.#effort() - listed, maxExtraMs)) * restFactor;
    this.#restedAt = Math.max(this.#restedAt, now) + newRestMs;
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No list within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
