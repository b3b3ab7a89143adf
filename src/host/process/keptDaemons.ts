import type { ServerId } from '../../core/server/identity.js';
import type { RunId } from '../../core/server/state.js';
import type { Daemon, DaemonPolicy, KeptDaemon } from '../processTree/daemons.js';
import { findDaemonUse, hasDisplay } from '../sockets/daemonUse.js';
import { findSocketHolders } from '../sockets/socketHolders.js';
import type { SocketScanDeps } from '../sockets/socketOwners.js';
import type { Connection } from '../system/connections.js';
import { programName } from '../system/processes.js';

/** Interval of the checks whether others still use a daemon, milliseconds. */
const checkIntervalMs = 30_000;

/** A run whose tree may have daemons, and that may use those of other runs. */
export interface DaemonUser {
  readonly id: RunId;
  readonly serverId: ServerId;
  /** `false` once it has ended or is being stopped. */
  readonly isLive: boolean;
  /** Ports of the addresses at which it is reached. */
  readonly addressPorts: readonly number[];
}

/** A tree of which nothing but daemons is alive. */
export interface TreeOfDaemons {
  /** Ends the daemons that have no other users any more. Resolves with whether any are left. Never rejects. */
  endUnused(): Promise<boolean>;
}

/**
 * Decides which daemons, such as those of nx, Gradle or portless, outlive the server that has started them: those with
 * other users, as long as another server of the window runs. A browser with windows is never ended.
 */
export class KeptDaemons {
  readonly #trees = new Set<TreeOfDaemons>();
  #checks: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    private readonly deps: SocketScanDeps,
    private readonly runs: () => Iterable<DaemonUser>,
  ) {}

  /** Returns what decides about the daemons of a run. */
  policyOf(run: DaemonUser): DaemonPolicy {
    return {
      mayBeUsed: () => this.#othersThan(run).length > 0,
      findUsed: async (daemons) => {
        const kept = await this.#findUsed(daemons, run, () => this.#othersThan(run));
        return this.#othersThan(run).length === 0 ? kept.filter(({ hasWindows }) => hasWindows) : kept;
      },
      mayHaveWindows: () => hasDisplay(process.env),
    };
  }

  /**
   * Returns what decides about the daemons of a run that this process host has not started. `others` are those of its
   * window.
   */
  policyOfForeign(run: DaemonUser, others: readonly DaemonUser[] = []): DaemonPolicy {
    const users = (): DaemonUser[] => [...others, ...this.#othersThan(run)];
    return {
      mayBeUsed: () => true,
      mayHaveWindows: () => true,
      findUsed: (daemons) => this.#findUsed(daemons, run, users),
    };
  }

  async #findUsed(
    daemons: readonly Daemon[],
    run: DaemonUser,
    others: () => readonly DaemonUser[],
  ): Promise<KeptDaemon[]> {
    const kept = await Promise.all(daemons.map((daemon) => this.#find(daemon, run, others)));
    return kept.filter((each) => each !== undefined);
  }

  /**
   * Registers whether a tree that was stopped has daemons left. Resolves when those of all trees are ended if this was
   * the last server, and at once otherwise.
   */
  async settle(tree: TreeOfDaemons, hasDaemons: boolean): Promise<void> {
    if (hasDaemons) this.#trees.add(tree);
    else this.#trees.delete(tree);
    this.#schedule();
    // Only the last one has to wait: finding the users of a daemon can take half a second.
    if (!this.#hasLive) await this.check();
    else void this.check(tree);
  }

  /** Ends the daemons that others do not use any more, except those of a tree that was just checked. */
  async check(except?: TreeOfDaemons): Promise<void> {
    const due = [...this.#trees].filter((tree) => tree !== except);
    if (due.length === 0) return;
    this.#checks = this.#checks.then(() => Promise.all(due.map((tree) => this.#checkTree(tree))));
    await this.#checks;
    this.#schedule();
  }

  async #checkTree(tree: TreeOfDaemons): Promise<void> {
    if (!(await tree.endUnused())) this.#trees.delete(tree);
  }

  /** Ends all daemons, also those that others use, except those with windows. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.check();
  }

  get #hasLive(): boolean {
    return !this.#isClosed && [...this.runs()].some(({ isLive }) => isLive);
  }

  #othersThan(run: DaemonUser): DaemonUser[] {
    return this.#isClosed ? [] : [...this.runs()].filter((each) => each.id !== run.id && each.isLive);
  }

  #schedule(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    // A daemon that is left after the last server has windows, so only the user ends it.
    if (this.#trees.size > 0 && this.#hasLive)
      this.#timer = setInterval(() => void this.check(), checkIntervalMs).unref();
  }

  /** Resolves with the daemon and its users; with `undefined` if it has none or they cannot be known. */
  async #find(
    daemon: Daemon,
    run: DaemonUser,
    others: () => readonly DaemonUser[],
  ): Promise<KeptDaemon | undefined> {
    const use = await findDaemonUse(daemon, this.deps.platform).catch(() => undefined);
    if (!use) return undefined;
    const { ports, connections, hasWindows } = use;
    const hasPort = ({ addressPorts }: DaemonUser): boolean =>
      addressPorts.some((port) => ports.includes(port));
    const reached = others().filter(hasPort);
    // A process that listens at an address of this server alone is the server, even if others are connected.
    if (reached.length === 0 && hasPort(run)) return undefined;
    const connected = await Promise.all(connections.map((each) => this.#nameUser(each)));
    const users = [...reached.map(({ serverId }) => serverId), ...connected].filter(
      (name) => name !== undefined,
    );
    return users.length === 0 ? undefined : { ...daemon, ports, hasWindows, users: [...new Set(users)] };
  }

  /** Returns the server or the process at the other end; the address where that is not known. */
  async #nameUser({ at, peer }: Connection): Promise<string | undefined> {
    if (!peer) return at;
    const processSockets = await this.deps.processSockets.get().catch(() => []);
    const [pid] = findSocketHolders(processSockets, [peer]).of(peer);
    // The process host's own requests do not count as use.
    if (pid === process.pid) return undefined;
    const entry = processSockets.find((each) => each.entry.pid === pid)?.entry;
    const server = [...this.runs()].find(({ id }) => id === entry?.marker);
    return server?.serverId ?? (entry ? `${programName(entry.command)} (${entry.pid})` : at);
  }
}
