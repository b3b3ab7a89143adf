import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { StopSignal } from '../../core/server/overrides.js';

/**
 * Signals processes of a tree, each only if `isUnchanged` returns that it still is the listed one. SIGKILL goes to the
 * whole group of the root at once, if one of its processes is unchanged; any other signal goes to the given members
 * only, since the rest of the group may have received it before.
 */
export function signalTree(
  root: TreeRoot,
  members: readonly ProcessEntry[],
  signal: StopSignal,
  isUnchanged: (entry: ProcessEntry) => boolean,
): void {
  const group = root.process?.pid;
  const isForGroup = ({ group: each }: ProcessEntry): boolean => signal === 'SIGKILL' && each === group;
  if (group !== undefined && members.some((entry) => isForGroup(entry) && isUnchanged(entry))) {
    sendSignal(-group, signal);
  }
  for (const entry of members) if (!isForGroup(entry) && isUnchanged(entry)) sendSignal(entry.pid, signal);
}

/** Signals the group of a root. The caller makes sure that it does not belong to another program. */
export function signalGroup(root: TreeRoot, signal: StopSignal): void {
  if (root.process) sendSignal(-root.process.pid, signal);
}

/** Returns whether the group exists, by signal 0; also for a group that must not be signalled. */
export function groupExists({ process: leader }: TreeRoot): boolean {
  if (!leader || !isTarget(-leader.pid)) return false;
  try {
    return process.kill(-leader.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Signals a pid, or a group by its negative number. SIGCONT comes before, since a suspended process could not act on the
 * signal, and not after: by then the pid may belong to another process. SIGKILL acts without it.
 */
function sendSignal(target: number, signal: StopSignal): void {
  if (!isTarget(target)) return;
  const signals = signal === 'SIGKILL' ? [signal] : (['SIGCONT', signal] as const);
  for (const each of signals) {
    try {
      process.kill(target, each);
    } catch {
      // It has ended or must not be signalled; the next scan shows which.
    }
  }
}

/** Returns whether a target may be signalled: 0, 1 and -1 are this process's own group, init and all processes. */
export function isTarget(target: number): boolean {
  return Number.isInteger(target) && Math.abs(target) > 1;
}
