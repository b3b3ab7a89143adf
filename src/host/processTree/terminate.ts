import { setTimeout as sleep } from 'node:timers/promises';
import type { Survivor } from '../../core/server/state.js';
import type { StopPlan } from '../../core/lifecycle/stopPolicy.js';
import type { Platform } from '../platform/platform.js';
import { membersOf, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import type { StopSignal } from '../../core/server/overrides.js';

/** How long SIGKILL is repeated before what lives on is reported, milliseconds. */
const killMs = 3000;

/** How long the first look waits for the end of the group, milliseconds. */
const firstLookMs = 100;

/** The longest pause between two questions whether the group is there, milliseconds. */
const groupPauseMs = 5;

/** A process that forks while it is being killed can hide from one look, so two in a row must find nothing. */
const emptyLooks = 2;

export interface TerminationRequest extends StopPlan {
  readonly root: TreeRoot;
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  /** Asks the program in its terminal to end, where that is the polite way. */
  readonly askPolitely: () => void;
  /** Whether the root has been collected, so that its pid may belong to somebody else by now. */
  readonly isCollected: () => boolean;
}

export interface TerminationReport {
  /** There was something to stop. */
  readonly found: boolean;
  readonly forced: boolean;
  readonly survivors: readonly Survivor[];
}

/** A stop under way. */
export interface Termination {
  /** Resolves with the survivors, never rejects. */
  readonly report: Promise<TerminationReport>;
  /** Waits politely no longer than so many milliseconds from now. */
  shortenGrace(graceMs: number): void;
}

/**
 * Ends a whole tree and proves it: rounds of list, signal and list again, politely first, then by force, until nothing of
 * the tree is left.
 */
export function terminateTree(request: TerminationRequest): Termination {
  let deadline = performance.now() + request.graceMs;
  return {
    report: endTree(request, () => deadline),
    shortenGrace: (graceMs) => {
      deadline = Math.min(deadline, performance.now() + graceMs);
    },
  };
}

async function endTree(
  request: TerminationRequest,
  politeDeadline: () => number,
): Promise<TerminationReport> {
  const found = new Set<string>();
  const { signal } = request;
  let groupAskedAt: number | undefined;
  if (signal !== 'SIGKILL') request.askPolitely();
  if (!request.isCollected()) {
    const askedAt = performance.now();
    if (await request.platform.signalUncollected(request.root, signal)) groupAskedAt = askedAt;
    // Most servers end soon; looks before that would be in vain, and take their time from those that end.
    await firstEnd(request);
  }
  const rested = await signalUntilEmpty(request, { signal, groupAskedAt }, politeDeadline, found);
  if (rested.length === 0) return { found: found.size > 0, forced: false, survivors: [] };
  const forceDeadline = performance.now() + killMs;
  const survivors = await signalUntilEmpty(
    request,
    { signal: 'SIGKILL', groupAskedAt: undefined },
    () => forceDeadline,
    found,
  );
  return { found: true, forced: true, survivors: survivors.map(({ pid, command }) => ({ pid, command })) };
}

/** Waits a little for the end of the root, or of all that was in its group, which shows long before it is told. */
async function firstEnd({ root, platform, isCollected }: TerminationRequest): Promise<void> {
  const start = performance.now();
  for (let waitedMs = 0; waitedMs < firstLookMs; waitedMs = performance.now() - start) {
    if (isCollected() || !platform.isGroupThere(root)) return;
    // In proportion to what the end takes, so that it is noticed no later than that adds a quarter to it.
    await sleep(Math.min(Math.max(waitedMs / 4, 1), groupPauseMs));
  }
}

/** A signal to a tree. */
interface Request {
  readonly signal: StopSignal;
  /** When the group of the root has got it already, on the clock of `performance.now`. */
  readonly groupAskedAt: number | undefined;
}

/** Resolves with what lives at the deadline; as soon as nothing does, before it. */
async function signalUntilEmpty(
  request: TerminationRequest,
  asked: Request,
  deadline: () => number,
  found: Set<string>,
): Promise<readonly ProcessEntry[]> {
  const signalled = new Set<string>();
  let empty = 0;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const members = await look(request, asked.signal);
    empty = members.length === 0 ? empty + 1 : 0;
    if (empty === emptyLooks || (empty === 0 && performance.now() >= deadline())) return members;
    for (const entry of members) found.add(nameOf(entry));
    await signalNew(request, members, asked, signalled);
    // Also after a look that found nothing: while a process becomes its program its environment is empty, and its marker
    // with it.
    await sleep(pauseMs);
  }
}

/**
 * Politely once to each process, since many take a second request as the order to give up what they are closing down.
 * SIGKILL again and again, for it does no harm twice.
 */
async function signalNew(
  { platform, root }: TerminationRequest,
  members: readonly ProcessEntry[],
  { signal, groupAskedAt }: Request,
  signalled: Set<string>,
): Promise<void> {
  const wasAsked = ({ group, startTime }: ProcessEntry): boolean =>
    groupAskedAt !== undefined &&
    group === root.process?.pid &&
    platform.isOlderThan(startTime, performance.now() - groupAskedAt);
  const due = members.filter(
    (entry) => signal === 'SIGKILL' || (!signalled.has(nameOf(entry)) && !wasAsked(entry)),
  );
  for (const entry of due) signalled.add(nameOf(entry));
  if (due.length > 0) await platform.signal(root, due, signal);
}

function nameOf({ pid, startTime }: ProcessEntry): string {
  return `${pid}@${startTime}`;
}

/**
 * The members of the tree. When the system does not tell, the group of a root that is not collected is signalled on trust
 * and the root counts as alive. That a collected root is dead is then all that can be known.
 */
async function look(
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
