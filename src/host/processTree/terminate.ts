import { setTimeout as sleep } from 'node:timers/promises';
import type { Survivor } from '../../core/server/state.js';
import type { StopPlan } from '../../core/lifecycle/stopGrace.js';
import type { Platform } from '../platform/platform.js';
import { membersOf, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import type { StopSignal } from '../../core/server/overrides.js';

/** Time for which SIGKILL is repeated before survivors are reported, milliseconds. */
const maxKillMs = 3000;

/** Time for which the first scan waits for the end of the group, milliseconds. */
const firstScanDelayMs = 100;

/** Longest pause between two checks whether the group exists, milliseconds. */
const maxGroupPollMs = 5;

/** A process that forks while it is killed can hide from one scan, so two in a row must find nothing. */
const requiredEmptyScans = 2;

export interface TerminationRequest extends StopPlan {
  readonly root: TreeRoot;
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  /** Asks the program through its terminal to exit, where the platform has no signal for it. */
  readonly askPolitely: () => void;
  /** Returns whether the root has been reaped, so that its pid may belong to another process by now. */
  readonly isCollected: () => boolean;
}

export interface TerminationReport {
  /** A process of the tree was found. */
  readonly found: boolean;
  /** SIGKILL was needed. */
  readonly forced: boolean;
  readonly survivors: readonly Survivor[];
}

/** A termination in progress. */
export interface Termination {
  /** Resolves with the survivors, never rejects. */
  readonly report: Promise<TerminationReport>;
  /** Sends SIGKILL at the latest after this time, milliseconds from now. */
  shortenGrace(graceMs: number): void;
}

/**
 * Terminates a whole tree and verifies it: lists, signals and lists again, first with the given signal, then with
 * SIGKILL, until nothing of the tree is left.
 */
export function terminateTree(request: TerminationRequest): Termination {
  let deadline = performance.now() + request.graceMs;
  return {
    report: terminateInRounds(request, () => deadline),
    shortenGrace: (graceMs) => {
      deadline = Math.min(deadline, performance.now() + graceMs);
    },
  };
}

async function terminateInRounds(
  request: TerminationRequest,
  politeDeadline: () => number,
): Promise<TerminationReport> {
  const found = new Set<string>();
  const { signal } = request;
  let groupSignalledAt: number | undefined;
  if (signal !== 'SIGKILL') request.askPolitely();
  if (!request.isCollected()) {
    const signalledAt = performance.now();
    if (await request.platform.signalUncollected(request.root, signal)) groupSignalledAt = signalledAt;
    // Most servers exit soon; a scan before that is useless and takes processor time from their exit.
    await waitForEarlyExit(request);
  }
  const remaining = await signalUntilEmpty(request, { signal, groupSignalledAt }, politeDeadline, found);
  if (remaining.length === 0) return { found: found.size > 0, forced: false, survivors: [] };
  const forceDeadline = performance.now() + maxKillMs;
  const survivors = await signalUntilEmpty(
    request,
    { signal: 'SIGKILL', groupSignalledAt: undefined },
    () => forceDeadline,
    found,
  );
  return { found: true, forced: true, survivors: survivors.map(({ pid, command }) => ({ pid, command })) };
}

/** Waits briefly for the end of the root or of its whole group, which can be seen long before it is reported. */
async function waitForEarlyExit({ root, platform, isCollected }: TerminationRequest): Promise<void> {
  const start = performance.now();
  for (let waitedMs = 0; waitedMs < firstScanDelayMs; waitedMs = performance.now() - start) {
    if (isCollected() || !platform.groupExists(root)) return;
    // In proportion to the time so far, so that the wait adds at most a quarter to it.
    await sleep(Math.min(Math.max(waitedMs / 4, 1), maxGroupPollMs));
  }
}

/** A signal to the processes of a tree. */
interface SentSignal {
  readonly signal: StopSignal;
  /** Time at which the group of the root received it, on the clock of `performance.now`. */
  readonly groupSignalledAt: number | undefined;
}

/** Resolves with the processes that live at the deadline; earlier with none, as soon as none do. */
async function signalUntilEmpty(
  request: TerminationRequest,
  sent: SentSignal,
  deadline: () => number,
  found: Set<string>,
): Promise<readonly ProcessEntry[]> {
  const signalled = new Set<string>();
  let emptyScans = 0;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const members = await scanMembers(request, sent.signal);
    emptyScans = members.length === 0 ? emptyScans + 1 : 0;
    if (emptyScans === requiredEmptyScans || (emptyScans === 0 && performance.now() >= deadline()))
      return members;
    for (const entry of members) found.add(processKey(entry));
    await signalNew(request, members, sent, signalled);
    // Also after a scan that found nothing: during `execve` the environment of a process is empty, so its marker is
    // missing.
    await sleep(pauseMs);
  }
}

/**
 * Sends the signal once to each process, since many programs take a second one as the order to abort their shutdown.
 * Repeats SIGKILL, which does no harm twice.
 */
async function signalNew(
  { platform, root }: TerminationRequest,
  members: readonly ProcessEntry[],
  { signal, groupSignalledAt }: SentSignal,
  signalled: Set<string>,
): Promise<void> {
  const wasSignalled = ({ group, startTime }: ProcessEntry): boolean =>
    groupSignalledAt !== undefined &&
    group === root.process?.pid &&
    platform.isOlderThan(startTime, performance.now() - groupSignalledAt);
  const due = members.filter(
    (entry) => signal === 'SIGKILL' || (!signalled.has(processKey(entry)) && !wasSignalled(entry)),
  );
  for (const entry of due) signalled.add(processKey(entry));
  if (due.length > 0) await platform.signal(root, due, signal);
}

function processKey({ pid, startTime }: ProcessEntry): string {
  return `${pid}@${startTime}`;
}

/**
 * Returns the members of the tree. If the processes cannot be listed, signals the group of a root that is not reaped and
 * counts the root as alive; nothing is then known of a reaped root's descendants.
 */
async function scanMembers(
  { platform, table, root, isCollected }: TerminationRequest,
  signal: StopSignal,
): Promise<ProcessEntry[]> {
  try {
    return membersOf(root, await table.get());
  } catch (error) {
    if (isCollected() || !root.process) return [];
    await platform.signalUncollected(root, signal);
    const { pid, startTime } = root.process;
    const command = `unknown: ${error instanceof Error ? error.message : String(error)}`;
    return [{ pid, startTime, parent: root.parent, group: pid, session: pid, marker: undefined, command }];
  }
}
