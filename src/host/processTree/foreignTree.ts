import type { StopPlan } from '../../core/server/overrides.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import type { DaemonPolicy } from './daemons.js';
import { terminateTree, type TerminationReport } from './terminate.js';

/** Plan for a tree without one of its own. */
export const defaultPlan: StopPlan = { signal: 'SIGTERM', graceMs: 2000 };

/** Longest time between the signal and SIGKILL, milliseconds: a window waits for the trees of a lost process host. */
const maxGraceMs = 10_000;

export interface ForeignTreeOptions {
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  readonly plan?: StopPlan | undefined;
  /** Without it no daemon outlives the tree. */
  readonly daemons?: DaemonPolicy | undefined;
}

/**
 * Terminates a tree that another process host started, as its server is stopped. Its root is no child of this process, so its exit is not
 * reported.
 */
export function terminateForeignTree(
  root: TreeRoot,
  { plan: { signal, graceMs } = defaultPlan, ...options }: ForeignTreeOptions,
): Promise<TerminationReport> {
  return terminateTree({
    ...options,
    root,
    signal,
    graceMs: Math.min(graceMs, maxGraceMs),
    isCollected: () => true,
  }).report;
}
