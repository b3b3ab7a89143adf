import { access, readdir, realpath, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import * as paths from 'node:path';
import { relativeInside } from '../../core/paths.js';
import { isWithin } from './isWithin.js';
import { isPathAnswered } from './pathProbe.js';

/** Thrown for a read that a file system does not answer. */
export class SilentFileSystemError extends Error {
  override readonly name = 'SilentFileSystemError';
}

interface ReadLimits {
  /** Maximum time of a read, milliseconds: a file system on a network may have to connect first. */
  readonly maxMs: number;
  /** Number of reads at the same time: Node has four threads for files, and a read of a dead file system never ends. */
  readonly maxReads: number;
  /** Time after which a read that waits for a thread is probed, milliseconds. */
  readonly probeAfterMs: number;
  readonly isAnswered: (settled: Promise<void>, maxMs: number) => Promise<boolean>;
  /** Reads a path in another process; `undefined` when there is no way to. */
  readonly isPathAnswered: (path: string, maxMs: number) => Promise<boolean | undefined>;
  readonly now: () => number;
}

const defaultLimits: ReadLimits = {
  maxMs: 10_000,
  maxReads: 3,
  probeAfterMs: 1000,
  isAnswered: isWithin,
  isPathAnswered,
  now: () => performance.now(),
};

/** Time for which a path counts as silent after a probe that found it so, milliseconds. */
const silenceMs = 60_000;

interface WaitingRead {
  readonly path: string;
  start(): void;
  refuse(): void;
  /** Whether another process has read the path, so that it may have the last thread. */
  isProbed: boolean;
}

/**
 * Runs reads of files, and gives up those that take too long, as on a network that is gone. A read that was given up
 * keeps its thread. Until it ends, reads of the same path and of paths inside it are refused. Reads of one path run one
 * after the other, so that a silent path blocks only one thread. While only one thread is free, another process reads
 * each path first, so that only a path that answers gets that thread.
 */
export class BoundedReads {
  readonly #limits: ReadLimits;
  /** Paths of the reads that have a thread, also of those that were given up. */
  readonly #running: string[] = [];
  readonly #givenUp: string[] = [];
  readonly #waiting = new Set<WaitingRead>();
  /** Paths that a probe found silent, and until when that counts. */
  readonly #silentUntil = new Map<string, number>();

  constructor(limits: Partial<ReadLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Whether a thread reads, also for a read that was given up. */
  get isReading(): boolean {
    return this.#running.length > 0;
  }

  /** Runs a read of this absolute path. Rejects as the read does, or when it takes too long. */
  async run<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
    await this.#turn(path);
    const work = read();
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    if (await this.#limits.isAnswered(settled, this.#limits.maxMs)) {
      this.#leave(path);
    } else {
      this.#giveUp(path, settled);
      throw this.#error();
    }
    return work;
  }

  #turn(path: string): Promise<void> {
    if (this.#refuses(path)) return Promise.reject(this.#error());
    if (this.#mayStart({ path, isProbed: false })) {
      this.#running.push(path);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const read = { path, isProbed: false, start: resolve, refuse: () => reject(this.#error()) };
      this.#waiting.add(read);
      this.#probeLater(read, this.#isShort ? 0 : this.#limits.probeAfterMs);
    });
  }

  #probeLater(read: WaitingRead, afterMs: number): void {
    setTimeout(() => {
      if (this.#waiting.has(read)) void this.#probe(read);
    }, afterMs).unref();
  }

  /** Whether only one thread is left. */
  get #isShort(): boolean {
    return this.#givenUp.length >= this.#limits.maxReads;
  }

  #mayStart({ path, isProbed }: Pick<WaitingRead, 'path' | 'isProbed'>): boolean {
    const maxRunning = this.#limits.maxReads + (isProbed ? 1 : 0);
    return this.#running.length < maxRunning && !this.#running.includes(path);
  }

  async #probe(read: WaitingRead): Promise<void> {
    const { isPathAnswered: probe, maxMs, probeAfterMs, now } = this.#limits;
    // A running read of the same path shows whether it answers.
    const isKnownSoon = this.#running.some((path) => isInside(path, read.path));
    const isAnswered = isKnownSoon ? undefined : await probe(read.path, maxMs);
    if (!this.#waiting.has(read)) return;
    if (isAnswered === true) {
      read.isProbed = true;
      this.#startNext();
    } else if (isAnswered === false) {
      this.#silentUntil.set(read.path, now() + silenceMs);
      this.#refuseWaiting();
    } else if (this.#isShort && !isKnownSoon) {
      this.#waiting.delete(read);
      read.refuse();
    } else {
      this.#probeLater(read, probeAfterMs);
    }
  }

  #leave(path: string): void {
    this.#running.splice(this.#running.indexOf(path), 1);
    this.#startNext();
  }

  /** Starts the read that has waited longest among those that may start. */
  #startNext(): void {
    const next = [...this.#waiting].find((each) => this.#mayStart(each));
    if (!next) return;
    this.#waiting.delete(next);
    this.#running.push(next.path);
    next.start();
  }

  #giveUp(path: string, settled: Promise<void>): void {
    this.#givenUp.push(path);
    void settled.then(() => this.#takeBack(path));
    this.#refuseWaiting();
  }

  #refuseWaiting(): void {
    for (const each of this.#waiting) {
      if (!this.#refuses(each.path)) continue;
      this.#waiting.delete(each);
      each.refuse();
    }
  }

  #refuses(path: string): boolean {
    const now = this.#limits.now();
    for (const [silent, until] of this.#silentUntil) if (until <= now) this.#silentUntil.delete(silent);
    return (
      this.#givenUp.length > this.#limits.maxReads ||
      [...this.#givenUp, ...this.#silentUntil.keys()].some((silent) => isInside(silent, path))
    );
  }

  /** A read that was given up has ended after all. */
  #takeBack(path: string): void {
    this.#givenUp.splice(this.#givenUp.indexOf(path), 1);
    this.#leave(path);
  }

  #error(): SilentFileSystemError {
    return new SilentFileSystemError(`The file system did not answer within ${this.#limits.maxMs / 1000} s.`);
  }
}

function isInside(folder: string, path: string): boolean {
  return relativeInside(folder, path, paths) !== undefined;
}

const sharedKey = Symbol.for('dev-server-registry.fileReads');
const shared = globalThis as { [sharedKey]?: BoundedReads };

/** Shared by the bundles of the extension in this process, because they share its threads. */
export const fileReads = (shared[sharedKey] ??= new BoundedReads());

/** Returns the names in a folder. Rejects when it cannot be read, or the file system does not answer. */
export function readFolderNames(path: string): Promise<string[]> {
  return fileReads.run(path, () => readdir(path));
}

/** Returns what is at a path. Rejects when there is nothing, or the file system does not answer. */
export function fileStatus(path: string): Promise<Stats> {
  return fileReads.run(path, () => stat(path));
}

/** Returns whether there is a folder at a path. Rejects when the file system does not answer. */
export function isFolder(path: string): Promise<boolean> {
  return fileStatus(path).then(
    (status) => status.isDirectory(),
    (error: unknown) => {
      if (error instanceof SilentFileSystemError) throw error;
      return false;
    },
  );
}

/** Returns whether there is a regular file at a path, as far as the file system answers. */
export function isFile(path: string): Promise<boolean> {
  return fileStatus(path).then(
    (status) => status.isFile(),
    () => false,
  );
}

/** Returns whether there is something at a path, as far as the file system answers. */
export function isPresent(path: string): Promise<boolean> {
  return fileReads
    .run(path, () => access(path))
    .then(
      () => true,
      () => false,
    );
}

/**
 * Returns the path without links and, where the system ignores the case of names, in the case of the disk. Rejects when
 * there is nothing, or the file system does not answer.
 */
export function realPath(path: string): Promise<string> {
  return fileReads.run(path, () => realpath(path));
}
