import type { Platform } from '../platform/platform.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import { terminateTree, type TerminationReport } from './terminate.js';

/** Time between SIGTERM and SIGKILL, milliseconds. */
const graceMs = 2000;

/**
 * Terminates a tree that another process host started. Its root is no child of this process, so its exit is not
 * reported.
 */
export function terminateForeignTree(
  root: TreeRoot,
  platform: Platform,
  table: SharedQuery<ProcessEntry>,
): Promise<TerminationReport> {
  return terminateTree({
    root,
    signal: 'SIGTERM',
    graceMs,
    platform,
    table,
    askPolitely: () => undefined,
    isCollected: () => true,
  }).report;
}
