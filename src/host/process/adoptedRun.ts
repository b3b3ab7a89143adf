import type { StopReport } from '../../core/lifecycle/processHost.js';
import type { StopPlan } from '../../core/lifecycle/stopPolicy.js';
import { portsInUse, portOfUrl } from '../sockets/tcpPorts.js';
import { membersOf, type TreeRoot } from '../system/processes.js';
import type { HostMessage } from '../ipc/protocol.js';
import { RunTree, type RunTreeDeps } from './runTree.js';
import type { Orphan } from '../../core/server/otherWindows.js';

/** Nobody is told when a process ends that is no child of ours, so it is looked after in this pace; milliseconds. */
const watchMs = 1000;

export interface AdoptedRunDeps extends RunTreeDeps {
  readonly send: (message: HostMessage) => void;
}

/** A server that another process host started, which is dead. It has no terminal any more. */
export class AdoptedRun {
  readonly #root: TreeRoot;
  readonly #tree: RunTree;
  readonly #watch: NodeJS.Timeout;
  #ended = false;

  constructor(
    private readonly orphan: Orphan,
    private readonly deps: AdoptedRunDeps,
  ) {
    const { runId, serverId, folder, cwd, process, url, hostPid } = orphan;
    this.#root = { name: runId, process, parent: hostPid };
    // Whose child it is now will collect it, and tells nobody here.
    this.#tree = new RunTree(this.#root, () => true, deps);
    this.#watch = setInterval(() => void this.#look(), watchMs);
    deps.ledger.set({ runId, serverId, folder, cwd, process, url });
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** It counts as ended only when nothing of it is left. */
  get isGone(): boolean {
    return this.#ended;
  }

  /** As that of a run of our own. */
  async stop(plan: StopPlan): Promise<StopReport> {
    clearInterval(this.#watch);
    const { forced, survivors } = await this.#tree.stop(plan, () => undefined);
    this.#ended = survivors.length === 0;
    const { url } = this.orphan;
    const busyPorts = this.#ended && url !== undefined ? await portsInUse([portOfUrl(url)]) : [];
    return { forced, survivors, busyPorts };
  }

  async #look(): Promise<void> {
    const table = await this.deps.table.get().catch(() => undefined);
    if (this.#ended || !table || this.#tree.isStopping || membersOf(this.#root, table).length > 0) return;
    this.#ended = true;
    clearInterval(this.#watch);
    const { runId } = this.orphan;
    this.deps.ledger.delete(runId);
    const event = { kind: 'ended', runId, exit: { kind: 'unknown' }, interrupted: false, tail: [] } as const;
    this.deps.send({ kind: 'event', event: { ...event, survivors: [] } });
  }
}
