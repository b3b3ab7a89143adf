import { readdir } from 'node:fs/promises';
import * as paths from 'node:path';
import { relativeInside } from '../../core/paths.js';
import { isWithin } from './isWithin.js';

/** Longest time of a read, milliseconds: a file system on a network may have to connect first. */
const defaultMaxMs = 10_000;

/** Reads at the same time: Node has four threads for files, and one that waits for a dead file system never ends. */
const defaultMaxReads = 3;

/** Thrown for a read that a file system does not answer. */
export class SilentFileSystemError extends Error {
  override readonly name = 'SilentFileSystemError';
}

/**
 * Runs reads of files, and gives up those that take too long, as on a network that is gone. What was given up keeps its
 * thread. Until it ends, reads of the same path and of paths inside it are refused; when no further thread may be lost,
 * all are. Reads of one path run one after the other, so that a silent one takes one thread.
 */
export class BoundedReads {
  /** Paths of the reads that have a thread, also of those that were given up. */
  readonly #running: string[] = [];
  readonly #givenUp: string[] = [];
  #waiting: { readonly path: string; start(): void; refuse(): void }[] = [];

  constructor(
    private readonly maxMs = defaultMaxMs,
    private readonly maxReads = defaultMaxReads,
    private readonly isAnswered = isWithin,
  ) {}

  /** Runs a read of this absolute path. Rejects as the read does, or when it takes too long. */
  async run<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
    await this.#turn(path);
    const work = read();
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    if (await this.isAnswered(settled, this.maxMs)) {
      this.#leave(path);
    } else {
      this.#giveUp(path, settled);
      throw this.#error();
    }
    return work;
  }

  #turn(path: string): Promise<void> {
    if (this.#refuses(path)) return Promise.reject(this.#error());
    if (this.#mayStart(path)) {
      this.#running.push(path);
      return Promise.resolve();
    }
    return new Promise((start, reject) => {
      this.#waiting.push({ path, start, refuse: () => reject(this.#error()) });
    });
  }

  #mayStart(path: string): boolean {
    return this.#running.length < this.maxReads && !this.#running.includes(path);
  }

  /** Gives the turn to the read that waits for the longest time and may start. */
  #leave(path: string): void {
    this.#running.splice(this.#running.indexOf(path), 1);
    const next = this.#waiting.find((each) => this.#mayStart(each.path));
    if (!next) return;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#running.push(next.path);
    next.start();
  }

  #giveUp(path: string, settled: Promise<void>): void {
    this.#givenUp.push(path);
    void settled.then(() => this.#takeBack(path));
    const waiting = this.#waiting;
    this.#waiting = waiting.filter((each) => !this.#refuses(each.path));
    for (const each of waiting) if (!this.#waiting.includes(each)) each.refuse();
  }

  #refuses(path: string): boolean {
    return (
      this.#givenUp.length >= this.maxReads ||
      this.#givenUp.some((silent) => relativeInside(silent, path, paths) !== undefined)
    );
  }

  /** A read that was given up has ended after all. */
  #takeBack(path: string): void {
    this.#givenUp.splice(this.#givenUp.indexOf(path), 1);
    this.#leave(path);
  }

  #error(): SilentFileSystemError {
    return new SilentFileSystemError(`The file system did not answer within ${this.maxMs / 1000} s.`);
  }
}

/** Those of this process, since the threads are. */
export const fileReads = new BoundedReads();

/** Returns the names in a folder. Rejects when it cannot be read, or the file system does not answer. */
export function readFolderNames(path: string): Promise<string[]> {
  return fileReads.run(path, () => readdir(path));
}
