import type { TreeRoot } from '../system/processes.js';
import { SeenMembers } from '../system/seenMembers.js';
import type { LedgerRun } from './ledgerFile.js';

/** Returns the root of a tree that the process host with this pid has on record, with the members that it has seen. */
export function recordedRoot({ runId, process, leader, members }: LedgerRun, hostPid: number): TreeRoot {
  const seen = members && { seen: new SeenMembers([process, ...members]) };
  return { name: runId, process, parent: hostPid, leader, ...seen };
}
