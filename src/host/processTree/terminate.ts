import type { Survivor } from '../../core/server/state.js';
import { AskedByParents } from './askedByParent.js';
import { askTree, notAsked, type AskedTree, type AskRequest } from './askTree.js';
import type { DaemonPolicy, KeptDaemon } from './daemons.js';
import { HiddenGroup } from './hiddenGroup.js';
import { SparedDaemons } from './sparedDaemons.js';
import { endLeader, maxKillMs } from './leaderEnd.js';
import { StopDeadlines } from './stopDeadlines.js';
import { ScanRounds } from './scanRounds.js';
import {
  membersOf,
  processKey,
  unknownStart,
  type ProcessEntry,
  type TreeRoot,
} from '../system/processes.js';
import { SeenMembers } from '../system/seenMembers.js';
import type { StopPlan, StopSignal } from '../../core/server/overrides.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Share of the grace that is left when processes in inner sessions, and unused daemons, get a signal. */
const innerSessionShare = 0.4;

export interface TerminationRequest extends StopPlan, AskRequest {
  /** Time for which processes that were asked already are left alone first, milliseconds. A stop ends it. */
  readonly quietMs?: number;
  /** Without it no daemon outlives the tree. */
  readonly daemons?: DaemonPolicy | undefined;
  /** Called with the milliseconds until SIGKILL when these are not those of the grace. */
  readonly onGraceChange?: (leftMs: number) => void;
}

export interface TerminationReport {
  /** A process of the tree was found. */
  readonly found: boolean;
  /** SIGKILL was needed. */
  readonly forced: boolean;
  readonly survivors: readonly Survivor[];
  /** Daemons that are left running, since others use them. */
  readonly kept: readonly KeptDaemon[];
}

/** The report of a run without processes. */
export const nothingFound: TerminationReport = { found: false, forced: false, survivors: [], kept: [] };

/** A termination in progress. */
export interface Termination {
  /** Resolves with the survivors, never rejects. */
  readonly report: Promise<TerminationReport>;
  /**
   * Asks at once, and sends SIGKILL at the latest after this time, milliseconds from now. While containers are stopped
   * only 0 shortens it.
   */
  shortenGrace(graceMs: number): void;
}

/**
 * Terminates a whole tree and verifies it: lists, signals and lists again, first with the given signal, then with
 * SIGKILL, until nothing of the tree is left. Ends the leader of the session last, since its end would make the kernel
 * send SIGHUP to the others.
 */
export function terminateTree(given: TerminationRequest): Termination {
  const request = { ...given, root: rememberingRoot(given.root) };
  const deadlines = new StopDeadlines(request);
  return {
    report: terminateInRounds(request, deadlines).then(async (report) => {
      const survivors = await endLeader(request.root, request.platform, request.isCollected);
      return { ...report, survivors: [...report.survivors, ...survivors] };
    }),
    shortenGrace: (graceMs) => deadlines.shorten(graceMs),
  };
}

/**
 * Returns a root that remembers what each scan finds. A process without the marker, in a session of its own, is a
 * member only because of its parent, and the first signal may end the parent before that process has got a signal.
 */
function rememberingRoot(root: TreeRoot): TreeRoot {
  return root.seen ? root : { ...root, seen: new SeenMembers() };
}

/** Returns the time until which these processes get to exit, on the clock of `performance.now`. */
type Deadline = (members: readonly ProcessEntry[]) => number;

async function terminateInRounds(
  request: TerminationRequest,
  deadlines: StopDeadlines,
): Promise<TerminationReport> {
  const { root, platform, table, daemons } = request;
  const hiddenGroup = new HiddenGroup(root, platform, table);
  try {
    const rounds = { found: new Set<string>(), spared: new SparedDaemons(root, daemons), hiddenGroup };
    return await terminateInPhases(request, deadlines, rounds);
  } finally {
    hiddenGroup.dispose();
  }
}

async function terminateInPhases(
  request: TerminationRequest,
  deadlines: StopDeadlines,
  rounds: Rounds,
): Promise<TerminationReport> {
  const { signal, quietMs = 0 } = request;
  const { found, spared } = rounds;
  const ended = (): TerminationReport => {
    return { found: found.size > 0, forced: false, survivors: [], kept: spared.kept };
  };
  if (quietMs > 0) {
    const silence = { signal: undefined, ...notAsked };
    const remaining = await signalUntilEmpty(request, silence, () => deadlines.quiet(), rounds);
    if (remaining.length === 0) return ended();
  }
  const asked = await askTree(request);
  const polite: Deadline = (members) => deadlines.polite(members);
  const remaining = await signalUntilEmpty(request, { signal, ...asked }, polite, rounds);
  if (remaining.length === 0) return ended();
  await spared.release();
  const forceDeadline = performance.now() + maxKillMs;
  const survivors = await signalUntilEmpty(
    request,
    { signal: 'SIGKILL', ...notAsked },
    () => forceDeadline,
    rounds,
  );
  const named = survivors.map(({ pid, command }) => ({ pid, command }));
  return { found: true, forced: true, survivors: named, kept: spared.kept };
}

/** A signal to the processes of a tree. */
interface SentSignal extends AskedTree {
  /** `undefined` while the processes are left alone. */
  readonly signal: StopSignal | undefined;
}

/** State that the rounds of one termination share. */
interface Rounds {
  /** Keys of the processes that were found. */
  readonly found: Set<string>;
  readonly spared: SparedDaemons;
  readonly hiddenGroup: HiddenGroup;
}

/** Resolves with the processes that live at the deadline; earlier with none, as soon as none do. */
async function signalUntilEmpty(
  request: TerminationRequest,
  sent: SentSignal,
  deadline: Deadline,
  { found, spared, hiddenGroup }: Rounds,
): Promise<readonly ProcessEntry[]> {
  const signalled = new Set<string>();
  const askedByParents = new AskedByParents(request.root, sent.signal ?? 'SIGKILL', sent.isTyped);
  const rounds = new ScanRounds(request.platform, sent.signal);
  hiddenGroup.beginPhase();
  for (;;) {
    const members = await spared.without(await scanMembers(request, sent.signal));
    rounds.add(members);
    if (!rounds.isEmpty && rounds.isOver(deadline(members))) return members;
    if (rounds.isVerified) {
      if (!(await hiddenGroup.kill()) && !(await spared.release())) return members;
      rounds.restart();
    }
    for (const entry of members) found.add(processKey(entry));
    const hasTime = deadline([]) - performance.now() > request.graceMs * innerSessionShare;
    if (!hasTime) await spared.releaseOnce();
    await signalNew(request, members, sent, {
      signalled,
      leftAlone: askedByParents.update(members, hasTime),
    });
    // Also after a scan that found nothing: during `execve` the environment of a process is empty, so its marker is
    // missing.
    await rounds.pause(members);
  }
}

/**
 * Sends the signal once to each process, since many programs take a second one as the order to abort their shutdown.
 * Repeats SIGKILL, which does no harm twice.
 */
async function signalNew(
  { platform, root }: TerminationRequest,
  members: readonly ProcessEntry[],
  { signal, gotSignal }: SentSignal,
  { signalled, leftAlone }: { signalled: Set<string>; leftAlone: ReadonlySet<number> },
): Promise<void> {
  if (signal === undefined) return;
  const isDue = (entry: ProcessEntry): boolean =>
    !signalled.has(processKey(entry)) && !gotSignal(entry) && !leftAlone.has(entry.pid);
  const due = members.filter((entry) => signal === 'SIGKILL' || isDue(entry));
  for (const entry of due) signalled.add(processKey(entry));
  if (due.length > 0) await platform.signal(root, due, signal);
}

/**
 * Returns the members of the tree. If the processes cannot be listed, or the root was not identified, signals the group
 * of a root that is not reaped. The root then counts as alive until it is reaped and its group is gone; nothing more
 * can be known.
 */
async function scanMembers(
  request: TerminationRequest,
  signal: StopSignal | undefined,
): Promise<ProcessEntry[]> {
  const { table, root, isCollected } = request;
  try {
    const members = membersOf(root, await table.get());
    // It was not identified at its start, so no entry can match it.
    const isMissed = members.length === 0 && root.process?.startTime === unknownStart && !isCollected();
    if (isMissed) throw new Error('the process could not be identified');
    return members;
  } catch (error) {
    return unlistedRoot(request, signal, error);
  }
}

/** Returns the processes of a tree that may be alive when the processes cannot be listed. */
async function unlistedRoot(
  { platform, root, isCollected }: TerminationRequest,
  signal: StopSignal | undefined,
  error: unknown,
): Promise<ProcessEntry[]> {
  const isReaped = isCollected();
  if (!root.process || (isReaped && !platform.groupExists(root))) return [];
  if (signal !== undefined && !isReaped) await platform.signalUncollected(root, signal);
  const { pid, startTime } = root.process;
  const command = `unknown: ${errorMessage(error)}`;
  return [{ pid, startTime, parent: root.parent, group: pid, session: pid, marker: undefined, command }];
}
