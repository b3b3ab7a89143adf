import { processKey, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import { daemonsAmong, type Daemon, type DaemonPolicy, type KeptDaemon } from './daemons.js';

/**
 * Excludes daemons from the termination of a tree: first all of them, since the rest of the tree may be connected to
 * them; then those with other users. If no other server can use them, only daemons with windows are excluded.
 */
export class SparedDaemons {
  #found: readonly Daemon[] = [];
  #kept: readonly KeptDaemon[] | undefined;
  /** Keys of the daemons whose windows were looked for; `undefined` when that is done at their release. */
  readonly #known: Set<string> | undefined;

  constructor(
    private readonly root: TreeRoot,
    private readonly policy: DaemonPolicy | undefined,
  ) {
    if (policy?.mayBeUsed() === true) return;
    this.#kept = [];
    if (policy?.mayHaveWindows() === true) this.#known = new Set();
  }

  get kept(): readonly KeptDaemon[] {
    return this.#kept ?? [];
  }

  /** Resolves with the members to end now. */
  async without(members: readonly ProcessEntry[]): Promise<ProcessEntry[]> {
    const isOff = this.#kept?.length === 0 && !this.#known;
    this.#found = isOff ? [] : daemonsAmong(this.root, members);
    await this.#findWindows();
    const kept = new Set(this.#kept?.map(({ top }) => processKey(top)));
    const spared = this.#kept ? this.#found.filter(({ top }) => kept.has(processKey(top))) : this.#found;
    const pids = new Set(spared.flatMap(({ processes }) => processes.map(({ pid }) => pid)));
    return members.filter(({ pid }) => !pids.has(pid));
  }

  /** Ends the protection of the daemons that are not in use. Resolves with whether there are any. */
  async release(): Promise<boolean> {
    if (this.#known) return false;
    this.#kept = this.#found.length === 0 ? [] : ((await this.policy?.findUsed(this.#found)) ?? []);
    return this.#kept.length < this.#found.length;
  }

  /** Does the same, unless it was done before. */
  async releaseOnce(): Promise<void> {
    if (!this.#kept) await this.release();
  }

  async #findWindows(): Promise<void> {
    const keys = this.#found.map(({ top }) => processKey(top));
    if (!this.#known || keys.every((key) => this.#known?.has(key))) return;
    for (const key of keys) this.#known.add(key);
    this.#kept = (await this.policy?.findUsed(this.#found)) ?? [];
  }
}
