import { setTimeout as sleep } from 'node:timers/promises';
import type { StopSignal } from '../../core/server/overrides.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';

/** Maximum pause between two lists if the end of a process can be noticed without one, milliseconds. */
const maxWatchMs = 500;

/** Interval at which these processes are watched, milliseconds. */
const watchIntervalMs = 5;

/** Pause between the first two scans, milliseconds. */
const firstPauseMs = 2;

/** Number of scans in a row in which only questions to the user must be left, before they are not waited for. */
const requiredQuestionScans = 2;

/** Time between these scans, milliseconds, in which an answered question would be over. */
const questionPauseMs = 50;

/**
 * A process that forks while it is killed can hide from one scan, so two in a row must find nothing. One is enough if a
 * scan is a snapshot of one moment.
 */
const requiredEmptyScans = (platform: Platform): number => (platform.hasParentsOnly ? 1 : 2);

/**
 * Number of scans after SIGKILL that must have run before survivors are reported, however long they take: on a busy
 * machine each may take seconds.
 */
const minKillScans = 3;

/** The scans of a stop: what the latest ones prove, and the pauses between them. */
export class ScanRounds {
  #scans = 0;
  #emptyScans = 0;
  #questionScans = 0;
  #pauseMs = firstPauseMs;

  constructor(
    private readonly platform: Platform,
    private readonly signal: StopSignal | undefined,
  ) {}

  /** Returns whether the latest scan has found nothing. */
  get isEmpty(): boolean {
    return this.#emptyScans > 0;
  }

  /** Returns whether the latest scans prove that no process is left. */
  get isVerified(): boolean {
    return this.#emptyScans >= requiredEmptyScans(this.platform);
  }

  /** Returns whether the latest scans have found only processes that wait for an answer. */
  get isQuestion(): boolean {
    return this.#questionScans >= requiredQuestionScans;
  }

  /**
   * Returns whether to stop waiting for the remaining processes: at the deadline, but not before SIGKILL could end
   * them.
   */
  isOver(deadline: number): boolean {
    const couldEnd = this.signal !== 'SIGKILL' || this.#scans >= minKillScans;
    return this.isQuestion || (performance.now() >= deadline && couldEnd);
  }

  add(members: readonly ProcessEntry[]): void {
    this.#scans += 1;
    this.#emptyScans = members.length === 0 ? this.#emptyScans + 1 : 0;
    const isQuestion = this.signal !== 'SIGKILL' && this.platform.onlyAsk(members);
    this.#questionScans = isQuestion ? this.#questionScans + 1 : 0;
  }

  /** Discards the empty scans, since processes that have just been killed require further scans. */
  restart(): void {
    this.#emptyScans = 0;
    this.#pauseMs = firstPauseMs;
  }

  /** Pauses before the next scan. Each pause is longer than the one before. */
  async pause(members: readonly ProcessEntry[]): Promise<void> {
    if (this.#questionScans > 0) await sleep(questionPauseMs);
    else await pauseBeforeScan(this.platform, members, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, 100);
  }
}

/** Pauses; where lists cost much, until one of the processes has ended, which can be seen without a list. */
async function pauseBeforeScan(
  platform: Platform,
  members: readonly ProcessEntry[],
  pauseMs: number,
): Promise<void> {
  const isEachRunning = (): boolean => members.every(({ pid }) => platform.isRunning(pid) === true);
  if (members.length === 0 || !isEachRunning()) {
    await sleep(pauseMs);
    return;
  }
  const start = performance.now();
  do await sleep(watchIntervalMs);
  while (performance.now() - start < maxWatchMs && isEachRunning());
}
