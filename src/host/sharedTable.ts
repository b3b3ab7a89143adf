import { setTimeout as sleep } from 'node:timers/promises';

/** Between two looks at least so many times as long as the last one took, so that many stops at once leave time for work. */
const restFactor = 2;

/**
 * One table of the system, of its processes or its sockets, for all who ask at about the same time: fifty stops at once look no more often than one. An answer is
 * never older than its question.
 */
export class SharedTable<Entry> {
  #next: Promise<readonly Entry[]> | undefined;
  #notBefore = 0;

  /** A look that takes longer than `limitMs` fails: the tool that lists them hangs, and a stop must not with it. */
  constructor(
    private readonly list: () => Promise<readonly Entry[]>,
    private readonly limitMs = 12_000,
  ) {}

  look(): Promise<readonly Entry[]> {
    this.#next ??= this.#look();
    return this.#next;
  }

  async #look(): Promise<readonly Entry[]> {
    await sleep(Math.max(0, this.#notBefore - performance.now()));
    // Whoever asks from here on must get a later look than this one.
    this.#next = undefined;
    const start = performance.now();
    try {
      return await within(this.limitMs, this.list());
    } finally {
      const end = performance.now();
      this.#notBefore = end + (end - start) * restFactor;
    }
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No list within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
