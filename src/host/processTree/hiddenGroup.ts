import type { Platform } from '../platform/platform.js';
import { membersOf, processKey, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';

/** Number of kills after which a group contains only zombies: one kill reaches all of its processes at once. */
const maxKills = 3;

/**
 * Interval of the checks that the group still exists, milliseconds. The system needs longer to reuse its number, since
 * it assigns all other numbers first.
 */
const checkIntervalMs = 5;

/**
 * The group of the root, when no scan finds a process of it: processes that each start the next one and end can pass
 * between the readings of a scan, but the group exists all the time. Once it did not, its number may be given to another
 * program.
 */
export class HiddenGroup {
  #kills = 0;
  #isOver = false;
  readonly #checks: NodeJS.Timeout;
  /** Processes of the group in the last list that were not found to be of the tree. */
  #others: ReadonlySet<string> = new Set();

  constructor(
    private readonly root: TreeRoot,
    private readonly platform: Platform,
    private readonly table: SharedQuery<ProcessEntry>,
  ) {
    this.#checks = setInterval(() => this.#check(), checkIntervalMs);
    this.#check();
  }

  /** Counts kills from here on. */
  beginPhase(): void {
    this.#kills = 0;
    this.#others = new Set();
  }

  /** Ends the checks. */
  dispose(): void {
    clearInterval(this.#checks);
  }

  /** Notes whether the group still exists. */
  #check(): void {
    if (!this.platform.hasSessionLeaders || !this.platform.groupExists(this.root)) this.#end();
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#checks);
  }

  /**
   * Kills the group if it exists. Resolves with whether it existed, so that another scan is needed; a group of zombies,
   * which the system may never reap, counts only a few times. If the same process is listed twice in the group but is
   * not known to be of this tree, the group is left alone: another program has got the number of the root.
   */
  async kill(): Promise<boolean> {
    const { root, platform } = this;
    this.#check();
    if (this.#isOver || this.#kills >= maxKills) return false;
    const entries = await this.table.get().catch(() => undefined);
    if (!entries) return false;
    const listed = entries.filter(({ group }) => group === root.process?.pid);
    // A relay that a scan has found after all is ended as a member.
    if (listed.length > 0) return this.#mayBeOurs(listed, membersOf(root, entries));
    if (await this.#hasOtherLeader()) this.#end();
    this.#check();
    if (this.#isOver) return false;
    this.#kills += 1;
    platform.killGroup(root);
    return true;
  }

  /** Returns whether another process has the number of the root as its pid. Then the group must have ended before. */
  async #hasOtherLeader(): Promise<boolean> {
    const { pid = 0, startTime } = this.root.process ?? {};
    const now = await this.platform.identify(pid).catch(() => undefined);
    return now !== undefined && now.startTime !== startTime;
  }

  #mayBeOurs(listed: readonly ProcessEntry[], members: readonly ProcessEntry[]): boolean {
    const own = new Set(members.map(processKey));
    const others = listed.map(processKey).filter((key) => !own.has(key));
    const isForeign = others.some((key) => this.#others.has(key));
    this.#others = new Set(others);
    return !isForeign;
  }
}
