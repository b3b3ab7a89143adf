import { defaultStopPlan, type StopPlan } from '../../core/server/overrides.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import type { DaemonPolicy } from './daemons.js';
import { terminateTree, type TerminationReport } from './terminate.js';

/** Maximum time between the signal and SIGKILL, milliseconds: a window waits for the trees of a lost process host. */
const maxGraceMs = 10_000;

export interface ForeignTreeOptions {
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  readonly plan?: StopPlan | undefined;
  /** Without it no daemon outlives the tree. */
  readonly daemons?: DaemonPolicy | undefined;
}

/**
 * Terminates a tree that another process host started, like a stop of its server. The root is not a child of this
 * process, so nothing reports its exit.
 */
export function terminateForeignTree(
  root: TreeRoot,
  { plan: { signal, graceMs } = defaultStopPlan, ...options }: ForeignTreeOptions,
): Promise<TerminationReport> {
  return terminateTree({
    ...options,
    root,
    signal,
    graceMs: Math.min(graceMs, maxGraceMs),
    isCollected: () => true,
  }).report;
}
