import { setTimeout as sleep } from 'node:timers/promises';
import type { Survivor } from '../../core/server/state.js';
import type { Platform } from '../platform/platform.js';
import type { TreeRoot } from '../system/processes.js';

/** Maximum time between the end of the root and the report of its leader, milliseconds: it checks once a second. */
const maxReportMs = 2000;

/** Time for which SIGKILL is repeated before survivors are reported, milliseconds. */
export const maxKillMs = 3000;

/**
 * Kills the leader of a session once it has reported the exit of the root, and returns it if it is still alive at the end.
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
