import { isWithin } from './isWithin.js';

/** Longest time of a read, milliseconds: a file system on a network may have to connect first. */
const defaultMaxMs = 10_000;

/** Reads at the same time: Node has four threads for files, and one that waits for a dead file system never ends. */
const defaultMaxReads = 3;

/** Thrown for a read that a file system does not answer. */
class SilentFileSystemError extends Error {
  override readonly name = 'SilentFileSystemError';
}

/**
 * Runs reads of files, and gives up those that take too long, as on a network that is gone. What was given up keeps its
 * thread; when no further thread may be lost, other reads are refused until one of them ends.
 */
export class BoundedReads {
  #running = 0;
  #givenUp = 0;
  readonly #waiting: { start(): void; refuse(): void }[] = [];

  constructor(
    private readonly maxMs = defaultMaxMs,
    private readonly maxReads = defaultMaxReads,
  ) {}

  /** Rejects as the read does, or when it takes too long. */
  async run<Result>(read: () => Promise<Result>): Promise<Result> {
    await this.#turn();
    const work = read();
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    if (await isWithin(settled, this.maxMs)) {
      this.#leave();
    } else {
      this.#giveUp(settled);
      throw this.#error();
    }
    return work;
  }

  #turn(): Promise<void> {
    if (this.#givenUp >= this.maxReads) return Promise.reject(this.#error());
    if (this.#running < this.maxReads) {
      this.#running += 1;
      return Promise.resolve();
    }
    return new Promise((start, reject) => {
      this.#waiting.push({ start, refuse: () => reject(this.#error()) });
    });
  }

  /** Gives the turn to the read that waits for the longest time. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next.start();
    else this.#running -= 1;
  }

  #giveUp(settled: Promise<void>): void {
    this.#givenUp += 1;
    void settled.then(() => this.#takeBack());
    if (this.#givenUp < this.maxReads) return;
    for (const each of this.#waiting.splice(0)) each.refuse();
  }

  /** A read that was given up has ended after all. */
  #takeBack(): void {
    this.#givenUp -= 1;
    this.#leave();
  }

  #error(): SilentFileSystemError {
    return new SilentFileSystemError(`The file system did not answer within ${this.maxMs / 1000} s.`);
  }
}

/** Those of this process, since the threads are. */
export const fileReads = new BoundedReads();
