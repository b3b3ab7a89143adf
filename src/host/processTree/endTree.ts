import type { Platform } from '../platform/platform.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import { terminateTree, type TerminationReport } from './terminate.js';

/** Polite wait, milliseconds. */
const graceMs = 2000;

/** Ends a tree that another process host has started. Its root is no child of ours, so nobody tells here when it is gone. */
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
