import type { StopPlan } from '../../core/lifecycle/stopPolicy.js';
import type { LedgerWriter } from '../ledger/ledgerWriter.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import { terminateTree, type Termination, type TerminationReport } from '../processTree/terminate.js';

export interface RunTreeDeps {
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  readonly ledger: LedgerWriter;
}

/** The processes of one run, as a whole that can be ended. */
export class RunTree {
  #stopping: Termination | undefined;
  #isGone = false;

  constructor(
    private readonly root: TreeRoot,
    /** Whether the root has been collected, so that its pid may belong to somebody else by now. */
    private readonly isCollected: () => boolean,
    private readonly deps: RunTreeDeps,
  ) {}

  /** Whether it is being ended. */
  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Whether the last stop found that nothing of it is left. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Ends the tree; the record of the run goes with it. One at a time: a stop during another gets the result of the one
   * under way, which waits no longer than the more impatient of them wants. `askPolitely` is used by the first.
   */
  async stop(plan: StopPlan, askPolitely: () => void): Promise<TerminationReport> {
    const { platform, table, ledger } = this.deps;
    this.#stopping?.shortenGrace(plan.graceMs);
    this.#stopping ??= terminateTree({
      root: this.root,
      ...plan,
      platform,
      table,
      askPolitely,
      isCollected: this.isCollected,
    });
    const stopping = this.#stopping;
    const report = await stopping.report;
    if (this.#stopping === stopping) this.#stopping = undefined;
    this.#isGone = report.survivors.length === 0;
    if (this.#isGone) ledger.delete(this.root.name);
    return report;
  }

  /** Ends what the root has left behind. During a stop that is done by it, in the time that it was given. */
  endLeftovers(plan: StopPlan): Promise<TerminationReport> {
    return this.#stopping?.report ?? this.stop(plan, () => undefined);
  }
}
