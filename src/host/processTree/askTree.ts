import { setTimeout as sleep } from 'node:timers/promises';
import type { StopSignal } from '../../core/server/overrides.js';
import type { Platform } from '../platform/platform.js';
import { membersOf, processKey, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import { hasCutter, needSeparateSignals } from './askedByParent.js';

/** Time for which the first scan waits for the end of the group, milliseconds. */
const firstScanDelayMs = 100;

/** Maximum pause between two checks that the group still exists, milliseconds. */
const maxGroupPollMs = 5;

/** Signals for which Ctrl+C may stand. */
const interrupts: ReadonlySet<StopSignal> = new Set(['SIGTERM', 'SIGINT']);

export interface AskRequest {
  readonly root: TreeRoot;
  readonly signal: StopSignal;
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  /** Types Ctrl+C in the terminal of the tree. Missing where it has none. */
  readonly typeInterrupt?: () => void;
  /** Returns whether the root has been reaped, so that its pid may belong to another process by now. */
  readonly isCollected: () => boolean;
}

/** The part of a stop that happens before the processes of the tree are listed. */
export interface AskedTree {
  /** Ctrl+C was typed instead of the signal. */
  readonly isTyped: boolean;
  /** Returns whether a process got the signal with the group of the root. */
  readonly gotSignal: (entry: ProcessEntry) => boolean;
}

export const notAsked: AskedTree = { isTyped: false, gotSignal: () => false };

/** Asks a tree to exit, as far as one signal or Ctrl+C can ask all of it at once. */
export async function askTree(request: AskRequest): Promise<AskedTree> {
  const { root, signal, platform, isCollected } = request;
  const { way, members } = isCollected() ? askEach : await askMethod(request);
  const isTyped = way === 'terminal';
  const asksByTerminal = signal !== 'SIGKILL' && platform.politeInput !== undefined;
  if (isTyped || asksByTerminal) request.typeInterrupt?.();
  if (way !== 'group' || isCollected()) return { ...notAsked, isTyped };
  const signalledAt = performance.now();
  const isSent = await platform.signalUncollected(root, signal);
  // Most servers exit soon; a scan before that is useless and takes processor time from their exit.
  await waitForEarlyExit(request);
  if (!isSent) return { ...notAsked, isTyped };
  const earlier = new Set(members.map(processKey));
  return {
    isTyped,
    gotSignal: (entry) =>
      entry.group === root.process?.pid &&
      // Where start times are in seconds, the age of a young process shows too little.
      (earlier.has(processKey(entry)) ||
        platform.isOlderThan(entry.startTime, performance.now() - signalledAt)),
  };
}

/**
 * How a tree is asked to exit: its whole group by one signal, each process by its own signal, or through its terminal.
 */
interface AskMethod {
  readonly way: 'group' | 'members' | 'terminal';
  /** The members of the tree, if they had to be listed for it. */
  readonly members: readonly ProcessEntry[];
}

const askGroup: AskMethod = { way: 'group', members: [] };
const askEach: AskMethod = { way: 'members', members: [] };

/**
 * A tree with a program that forwards the signal does not get it as a whole. A root without children is no such
 * program.
 */
async function askMethod({ root, platform, table, signal, typeInterrupt }: AskRequest): Promise<AskMethod> {
  // On Windows, Ctrl+C in the terminal asks all programs of the tree at once.
  if (signal === 'SIGKILL' || platform.politeInput !== undefined || !root.process) return askGroup;
  if (platform.childrenOf(root.process.pid)?.length === 0) return askGroup;
  const members = membersOf(root, await table.get().catch(() => []));
  if (typeInterrupt && interrupts.has(signal) && hasCutter(members)) return { way: 'terminal', members };
  return { way: needSeparateSignals(root, members, signal) ? 'members' : 'group', members };
}

/** Waits briefly for the end of the root or of its whole group, which can be seen long before it is reported. */
async function waitForEarlyExit({ root, platform, isCollected }: AskRequest): Promise<void> {
  const start = performance.now();
  for (let waitedMs = 0; waitedMs < firstScanDelayMs; waitedMs = performance.now() - start) {
    if (isCollected() || !platform.groupExists(root)) return;
    // The pause is proportional to the time so far, so that the wait adds at most a quarter to it.
    await sleep(Math.min(Math.max(waitedMs / 4, 1), maxGroupPollMs));
  }
}
