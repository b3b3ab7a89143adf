import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';

/** Longest pause between two lists where the end of a process can be seen without one, milliseconds. */
const maxWatchMs = 500;

/** Interval at which these processes are watched, milliseconds. */
const watchIntervalMs = 5;

/** Number of scans in a row in which only questions to the user must be left, before they are not waited for. */
const requiredQuestionScans = 2;

/** Time between these scans, milliseconds, in which an answered question would be over. */
const questionPauseMs = 50;

/** The pauses between the scans of a stop, and the end of those that would wait for an answer of the user. */
export class ScanPauses {
  #questionScans = 0;
  #pauseMs = 2;

  constructor(private readonly platform: Platform) {}

  /** Returns whether the latest scans have found only processes that wait for an answer. */
  get isQuestion(): boolean {
    return this.#questionScans >= requiredQuestionScans;
  }

  add(members: readonly ProcessEntry[]): void {
    this.#questionScans = this.platform.onlyAsk(members) ? this.#questionScans + 1 : 0;
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
