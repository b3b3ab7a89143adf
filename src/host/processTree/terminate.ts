import { setTimeout as sleep } from 'node:timers/promises';
import type { Survivor } from '../../core/server/state.js';
import type { StopPlan } from '../../core/lifecycle/stopGrace.js';
import type { Platform } from '../platform/platform.js';
import { AskedByParents, relaysAmong } from './askedByParent.js';
import { ScanPauses } from './scanPauses.js';
import {
  membersOf,
  processKey,
  unknownStart,
  type ProcessEntry,
  type TreeRoot,
} from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import type { StopSignal } from '../../core/server/overrides.js';

/** Time for which SIGKILL is repeated before survivors are reported, milliseconds. */
const maxKillMs = 3000;

/** Time for which the first scan waits for the end of the group, milliseconds. */
const firstScanDelayMs = 100;

/** Longest pause between two checks whether the group exists, milliseconds. */
const maxGroupPollMs = 5;

/** Longest time between the end of the root and the report of its leader, milliseconds: it checks once a second. */
const maxReportMs = 2000;

/** Share of the grace at whose beginning processes in inner sessions are asked, which their parents have not ended. */
const innerSessionShare = 0.4;

/**
 * A process that forks while it is killed can hide from one scan, so two in a row must find nothing; one, where a scan
 * shows one moment.
 */
const requiredEmptyScans = (platform: Platform): number => (platform.hasParentsOnly ? 1 : 2);

/** Scans of which the last one shows what SIGKILL left, however long they take: on a busy machine each may take seconds. */
const minKillScans = 3;

export interface TerminationRequest extends StopPlan {
  readonly root: TreeRoot;
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  /** Time for which processes that were asked already are left alone first, milliseconds. A stop ends it. */
  readonly quietMs?: number;
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
  /** Asks at once, and sends SIGKILL at the latest after this time, milliseconds from now. */
  shortenGrace(graceMs: number): void;
}

/**
 * Terminates a whole tree and verifies it: lists, signals and lists again, first with the given signal, then with
 * SIGKILL, until nothing of the tree is left. Ends the leader of the session last, since its end would make the kernel
 * send SIGHUP to the others.
 */
export function terminateTree(request: TerminationRequest): Termination {
  let quietUntil = performance.now() + (request.quietMs ?? 0);
  let deadline = quietUntil + request.graceMs;
  const deadlines: Deadlines = { quiet: () => quietUntil, polite: () => deadline };
  return {
    report: terminateInRounds(request, deadlines).then(async (report) => {
      const survivors = await endLeader(request);
      return { ...report, survivors: [...report.survivors, ...survivors] };
    }),
    shortenGrace: (graceMs) => {
      quietUntil = performance.now();
      deadline = Math.min(deadline, performance.now() + graceMs);
    },
  };
}

/** Ends of the time before the polite signal and of the time after it, on the clock of `performance.now`. */
interface Deadlines {
  readonly quiet: () => number;
  readonly polite: () => number;
}

async function terminateInRounds(
  request: TerminationRequest,
  deadlines: Deadlines,
): Promise<TerminationReport> {
  const found = new Set<string>();
  const { signal, quietMs = 0 } = request;
  const ended = (): TerminationReport => ({ found: found.size > 0, forced: false, survivors: [] });
  if (quietMs > 0) {
    const silence = { signal: undefined, groupSignalledAt: undefined };
    const remaining = await signalUntilEmpty(request, silence, deadlines.quiet, found);
    if (remaining.length === 0) return ended();
  }
  let groupSignalledAt: number | undefined;
  if (signal !== 'SIGKILL') request.askPolitely();
  if (!request.isCollected() && !(await hasRelay(request))) {
    const signalledAt = performance.now();
    if (await request.platform.signalUncollected(request.root, signal)) groupSignalledAt = signalledAt;
    // Most servers exit soon; a scan before that is useless and takes processor time from their exit.
    await waitForEarlyExit(request);
  }
  const remaining = await signalUntilEmpty(request, { signal, groupSignalledAt }, deadlines.polite, found);
  if (remaining.length === 0) return ended();
  const forceDeadline = performance.now() + maxKillMs;
  const survivors = await signalUntilEmpty(
    request,
    { signal: 'SIGKILL', groupSignalledAt: undefined },
    () => forceDeadline,
    found,
  );
  return { found: true, forced: true, survivors: survivors.map(({ pid, command }) => ({ pid, command })) };
}

/** Returns whether the tree has a program that passes the signal on. A root without children is none. */
async function hasRelay({ root, platform, table, signal }: TerminationRequest): Promise<boolean> {
  // Where the terminal asks, it asks all programs of the tree at once.
  const isAskedByTerminal = platform.politeInput !== undefined;
  if (signal === 'SIGKILL' || isAskedByTerminal || !root.process) return false;
  if (platform.childrenOf(root.process.pid)?.length === 0) return false;
  const entries = await table.get().catch(() => []);
  return relaysAmong(membersOf(root, entries), signal).length > 0;
}

/** Kills the leader, and returns it if it is still alive at the end. */
async function endLeader({ root, platform, isCollected }: TerminationRequest): Promise<Survivor[]> {
  const { leader } = root;
  if (!leader) return [];
  const { pid, startTime } = leader;
  const place = { parent: root.parent, group: pid, session: pid, marker: root.name };
  const entry = { pid, startTime, ...place, command: 'session leader' };
  // The leader reports the exit of the root.
  const reportDeadline = performance.now() + maxReportMs;
  while (!isCollected() && performance.now() < reportDeadline) await sleep(1);
  const deadline = performance.now() + maxKillMs;
  while (performance.now() < deadline) {
    await platform.signal(root, [entry], 'SIGKILL');
    await sleep(1);
    const now = await platform.identify(pid).catch(() => leader);
    if (now?.startTime !== startTime) return [];
  }
  return [{ pid, command: entry.command }];
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
  /** `undefined` while the processes are left alone. */
  readonly signal: StopSignal | undefined;
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
  const askedByParents = new AskedByParents(request.root, sent.signal ?? 'SIGKILL');
  let emptyScans = 0;
  const pauses = new ScanPauses(request.platform);
  for (let scans = 1; ; scans += 1) {
    const members = await scanMembers(request, sent.signal);
    emptyScans = members.length === 0 ? emptyScans + 1 : 0;
    if (sent.signal !== 'SIGKILL') pauses.add(members);
    const isTooEarly = sent.signal === 'SIGKILL' && scans < minKillScans;
    const isOver = pauses.isQuestion || (performance.now() >= deadline() && !isTooEarly);
    if (emptyScans === requiredEmptyScans(request.platform) || (emptyScans === 0 && isOver)) return members;
    for (const entry of members) found.add(processKey(entry));
    const hasTime = deadline() - performance.now() > request.graceMs * innerSessionShare;
    await signalNew(request, members, sent, { signalled, leftAlone: askedByParents.pids(members, hasTime) });
    // Also after a scan that found nothing: during `execve` the environment of a process is empty, so its marker is
    // missing.
    await pauses.pause(members);
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
  { signalled, leftAlone }: { signalled: Set<string>; leftAlone: ReadonlySet<number> },
): Promise<void> {
  if (signal === undefined) return;
  const wasSignalled = ({ group, startTime }: ProcessEntry): boolean =>
    groupSignalledAt !== undefined &&
    group === root.process?.pid &&
    platform.isOlderThan(startTime, performance.now() - groupSignalledAt);
  const isDue = (entry: ProcessEntry): boolean =>
    !signalled.has(processKey(entry)) && !wasSignalled(entry) && !leftAlone.has(entry.pid);
  const due = members.filter((entry) => signal === 'SIGKILL' || isDue(entry));
  for (const entry of due) signalled.add(processKey(entry));
  if (due.length > 0) await platform.signal(root, due, signal);
}

/**
 * Returns the members of the tree. If the processes cannot be listed, or the root was not identified, signals the group
 * of a root that is not reaped. The root then counts as alive until it is reaped and its group is gone, which is all that
 * can be known.
 */
async function scanMembers(
  { platform, table, root, isCollected }: TerminationRequest,
  signal: StopSignal | undefined,
): Promise<ProcessEntry[]> {
  try {
    const members = membersOf(root, await table.get());
    // It was not identified at its start, so no entry can match it.
    const isMissed = members.length === 0 && root.process?.startTime === unknownStart && !isCollected();
    if (isMissed) throw new Error('the process could not be identified');
    return members;
  } catch (error) {
    if (!root.process || (isCollected() && !platform.groupExists(root))) return [];
    if (signal !== undefined && !isCollected()) await platform.signalUncollected(root, signal);
    const { pid, startTime } = root.process;
    const command = `unknown: ${error instanceof Error ? error.message : String(error)}`;
    return [{ pid, startTime, parent: root.parent, group: pid, session: pid, marker: undefined, command }];
  }
}
