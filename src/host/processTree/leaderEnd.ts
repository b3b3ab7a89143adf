import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity, Survivor } from '../../core/server/state.js';
import type { Platform } from '../platform/platform.js';
import type { TreeRoot } from '../system/processes.js';

/** Maximum time between the end of the root and the report of its leader, milliseconds: it checks once a second. */
const maxReportMs = 2000;

/** Time for which SIGKILL is repeated before survivors are reported, milliseconds. */
export const maxKillMs = 3000;

/**
 * Kills the leader of a session once it has reported the exit of the root, and returns it if it is still alive at the end.
 * Kills its whole group at once: a relay that moved there may have passed between the scans.
 */
export async function endLeader(
  root: TreeRoot,
  platform: Platform,
  isCollected: () => boolean,
): Promise<Survivor[]> {
  const { leader } = root;
  if (!leader) return [];
  const { pid, startTime } = leader;
  const place = { parent: root.parent, group: pid, session: pid, marker: root.name };
  const entry = { pid, startTime, ...place, command: 'session leader' };
  // The leader reports the exit of the root.
  const reportDeadline = performance.now() + maxReportMs;
  while (!isCollected() && performance.now() < reportDeadline) await sleep(1);
  await killLeaderGroup(root, leader, platform);
  const deadline = performance.now() + maxKillMs;
  // More than once, also where a tool takes longer than all of this time.
  for (let round = 1; round <= 2 || performance.now() < deadline; round += 1) {
    await platform.signal(root, [entry], 'SIGKILL');
    await sleep(1);
    const now = await platform.identify(pid).catch(() => leader);
    if (now?.startTime !== startTime) return [];
  }
  return [{ pid, command: entry.command }];
}

/** Kills the group of a leader that lives, whose number no other group can have. */
async function killLeaderGroup(root: TreeRoot, leader: ProcessIdentity, platform: Platform): Promise<void> {
  const now = await platform.identify(leader.pid).catch(() => undefined);
  if (now?.startTime === leader.startTime) platform.killGroup({ ...root, process: leader });
}
