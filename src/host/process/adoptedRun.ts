import type { StopReport } from '../../core/lifecycle/processHost.js';
import { defaultStopPlan, type StopPlan } from '../../core/server/overrides.js';
import type { Orphan } from '../../core/server/otherWindows.js';
import { portsOfUrls } from '../../core/server/urlPort.js';
import { portsInUse } from '../sockets/tcpPorts.js';
import { membersOf, type TreeRoot } from '../system/processes.js';
import type { DaemonUser } from './keptDaemons.js';
import { RunRecord } from './runRecord.js';
import { RunTree, type RunTreeDeps } from './runTree.js';
import type { ServerId } from '../../core/server/identity.js';
import type { RunId } from '../../core/server/state.js';

/** Interval of the checks for the end of a process: the system reports only the end of a child; milliseconds. */
const checkIntervalMs = 1000;

/** A server whose process host is dead. It has no terminal any more. */
export class AdoptedRun implements DaemonUser {
  readonly #root: TreeRoot;
  readonly #tree: RunTree;
  readonly #checkTimer: NodeJS.Timeout;
  #ended = false;

  constructor(
    private readonly orphan: Orphan,
    private readonly deps: RunTreeDeps,
  ) {
    const { hostPid, ...run } = orphan;
    const record = new RunRecord(run, hostPid, () => this.#ended || this.#tree.isGone, deps);
    this.#root = record.root;
    // Its new parent reaps it without notifying this process, so assume that it has been reaped.
    this.#tree = new RunTree(this.#root, this, () => true, deps);
    this.#checkTimer = setInterval(() => void this.#checkEnd(), checkIntervalMs);
    record.write();
  }

  get id(): RunId {
    return this.orphan.runId;
  }

  get serverId(): ServerId {
    return this.orphan.serverId;
  }

  get isLive(): boolean {
    return !this.#ended && !this.#tree.isStopping;
  }

  /** How it is stopped when no window says it. */
  get stopPlan(): StopPlan {
    return this.orphan.stop ?? defaultStopPlan;
  }

  get addressPorts(): readonly number[] {
    return portsOfUrls(this.orphan.url === undefined ? [] : [this.orphan.url]);
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Same as `hasEnded`: the run ends with the last process of its tree. */
  get isGone(): boolean {
    return this.#ended;
  }

  /** Resolves when the tree is verified dead and its port is free, or with the survivors or the busy port. */
  async stop(plan: StopPlan): Promise<StopReport> {
    const { forced, survivors } = await this.#tree.stop(plan);
    // The checks go on for survivors, whose end completes the stop.
    this.#ended = survivors.length === 0;
    if (this.#ended) clearInterval(this.#checkTimer);
    const busyPorts = this.#ended ? await portsInUse(this.addressPorts) : [];
    return { forced, survivors, busyPorts };
  }

  async #checkEnd(): Promise<void> {
    const table = await this.deps.table.get().catch(() => undefined);
    if (this.#ended || !table || this.#tree.isStopping || membersOf(this.#root, table).length > 0) return;
    this.#ended = true;
    clearInterval(this.#checkTimer);
    const { runId } = this.orphan;
    this.deps.ledger.delete(runId);
    void this.deps.daemons.check();
    const event = { kind: 'ended', runId, exit: { kind: 'unknown' }, interrupted: false, tail: [] } as const;
    this.deps.send({ kind: 'event', event: { ...event, survivors: [] } });
  }
}
