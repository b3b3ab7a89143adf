import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { StopSignal } from '../../core/server/overrides.js';

/**
 * Signals processes of a tree, each only if `isSame` says that it still is the one that was listed. SIGKILL goes to the
 * whole group of the root at one stroke, if one of its processes is; any other signal only to those that are named, since
 * the rest of the group may have had it before.
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

/** Signals the group of a root that is not collected, before any look at the table: in the usual case that is all. */
export function signalGroup(root: TreeRoot, signal: StopSignal): void {
  if (root.process) sendSignal(-root.process.pid, signal);
}

/** Asks without sending anything. A group that is not ours to signal is there as well. */
export function groupExists({ process: leader }: TreeRoot): boolean {
  if (!leader || !isTarget(-leader.pid)) return false;
  try {
    return process.kill(-leader.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Signals a pid, or with a minus a group. A suspended process is woken, for it could not act on the signal otherwise. */
function sendSignal(target: number, signal: StopSignal): void {
  if (!isTarget(target)) return;
  for (const each of [signal, 'SIGCONT'] as const) {
    try {
      process.kill(target, each);
    } catch {
      // Ended in the meantime, or not ours to signal: the verification that follows tells.
    }
  }
}

/** 0, 1 and -1 mean our own group, the system and everybody: never, whatever a caller has computed. */
export function isTarget(target: number): boolean {
  return Number.isInteger(target) && Math.abs(target) > 1;
}
