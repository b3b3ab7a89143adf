import type { StopPlan } from '../../core/server/overrides.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import { terminateTree, type TerminationReport } from './terminate.js';

/** Plan for a tree without one on record. */
const defaultPlan: StopPlan = { signal: 'SIGTERM', graceMs: 2000 };

/** Longest time between the signal and SIGKILL, milliseconds: a window waits for the trees of a lost process host. */
const maxGraceMs = 10_000;

/**
 * Terminates a tree that another process host started, as its server is stopped. Its root is no child of this process, so its exit is not
 * reported.
 */
export function terminateForeignTree(
  root: TreeRoot,
  platform: Platform,
  table: SharedQuery<ProcessEntry>,
  { signal, graceMs } = defaultPlan,
): Promise<TerminationReport> {
  return terminateTree({
    root,
    signal,
    graceMs: Math.min(graceMs, maxGraceMs),
    platform,
    table,
    isCollected: () => true,
  }).report;
}
