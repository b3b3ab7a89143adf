import type { StopPlan } from '../../core/server/overrides.js';
import type { KeptRecord } from '../ledger/ledgerFile.js';
import type { LedgerWriter } from '../ledger/ledgerWriter.js';
import type { Platform } from '../platform/platform.js';
import {
  terminateTree,
  type Termination,
  type TerminationReport,
  type TerminationRequest,
} from '../processTree/terminate.js';
import type { KeptDaemon } from '../processTree/daemons.js';
import type { HostMessage } from '../ipc/protocol.js';
import { shortCommand, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import type { DaemonUser, KeptDaemons } from './keptDaemons.js';

export interface RunTreeDeps {
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  readonly ledger: LedgerWriter;
  readonly daemons: KeptDaemons;
  readonly send: (message: HostMessage) => void;
}

/** How to end daemons that others used, and the descendants of a server that ended by itself. */
const leftoverPlan: StopPlan = { signal: 'SIGTERM', graceMs: 1000 };

/** The process tree of one run, which can be terminated as a whole. */
export class RunTree {
  #termination: Termination | undefined;
  #isGone = false;

  constructor(
    private readonly root: TreeRoot,
    private readonly run: DaemonUser,
    /** Returns whether the root has been reaped, so that another process may have its pid. */
    private readonly isReaped: () => boolean,
    private readonly deps: RunTreeDeps,
  ) {}

  get isStopping(): boolean {
    return this.#termination !== undefined;
  }

  /** `true` when the last stop left no process alive. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Terminates the tree and then deletes the record of the run. A stop during another one shares its result and shortens
   * its grace period to the shorter of both. Only the first one may call `typeInterrupt`.
   */
  stop(plan: StopPlan, typeInterrupt?: () => void): Promise<TerminationReport> {
    return this.#stop(plan, { ...(typeInterrupt && { typeInterrupt }), quietMs: 0 });
  }

  /**
   * Terminates the descendants that outlived the root. During a stop this is part of the stop, with its grace period.
   * Descendants that got a signal together with the root get `quietMs` before the next one.
   */
  endLeftovers(quietMs: number): Promise<TerminationReport> {
    return this.#termination?.report ?? this.#stop(leftoverPlan, { quietMs });
  }

  /** Ends the daemons of the ended tree that others do not use any more. Resolves with whether any are left. */
  async endUnused(): Promise<boolean> {
    const report = await this.#terminate(leftoverPlan, { quietMs: 0 });
    return report.kept.length + report.survivors.length > 0;
  }

  async #stop(
    plan: StopPlan,
    request: Pick<TerminationRequest, 'typeInterrupt' | 'quietMs'>,
  ): Promise<TerminationReport> {
    const report = await this.#terminate(plan, request);
    await this.deps.daemons.settle(this, report.kept.length > 0);
    return report;
  }

  async #terminate(
    plan: StopPlan,
    request: Pick<TerminationRequest, 'typeInterrupt' | 'quietMs'>,
  ): Promise<TerminationReport> {
    const { platform, table, ledger, daemons } = this.deps;
    this.#termination?.shortenGrace(plan.graceMs);
    this.#termination ??= terminateTree({
      root: this.root,
      ...plan,
      platform,
      table,
      ...request,
      isCollected: this.isReaped,
      daemons: daemons.policyOf(this.run),
      onGraceChange: (leftMs) => this.#reportGrace(leftMs),
    });
    const termination = this.#termination;
    const report = await termination.report;
    if (this.#termination === termination) this.#termination = undefined;
    this.#isGone = report.survivors.length === 0;
    if (this.#isGone) ledger.delete(this.root.name);
    const kept = report.kept.map((daemon) => this.#record(daemon));
    if (this.#isGone || kept.length > 0) ledger.setKept(this.root.name, kept);
    return report;
  }

  #reportGrace(leftMs: number): void {
    this.deps.send({ kind: 'event', event: { kind: 'stopGrace', runId: this.run.id, leftMs } });
  }

  #record({ top, users, hasWindows }: KeptDaemon): KeptRecord {
    const { pid, startTime, command } = top;
    const identity = { pid, startTime, bootId: this.root.process?.bootId ?? '' };
    const { id: runId, serverId } = this.run;
    const name = shortCommand(command);
    return { runId, serverId, process: identity, name, users: [...users], ...(hasWindows && { hasWindows }) };
  }
}
