import type { Platform } from '../platform/platform.js';
import { membersOf, processKey, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';

/** Kills after which only zombies are left of a group: one kill reaches all of its processes at once. */
const maxKills = 3;

/**
 * The group of the root, when no scan finds a process of it: processes that each start the next one and end can pass
 * between the readings of a scan, but the group exists all the time.
 */
export class HiddenGroup {
  #kills = 0;
  /** Processes of the group in the last list that were not found to be of the tree. */
  #others: ReadonlySet<string> = new Set();

  constructor(
    private readonly root: TreeRoot,
    private readonly platform: Platform,
    private readonly table: SharedQuery<ProcessEntry>,
  ) {}

  /**
   * Kills the group if it exists. Resolves with whether it did, so that another scan is needed; zombies, which the system
   * may never reap, count a few times only. Leaves a group alone in which the same process is listed twice that was not
   * found to be of this tree: the number of the root has been given to another program then.
   */
  async kill(): Promise<boolean> {
    const { root, platform } = this;
    if (!platform.hasSessionLeaders || this.#kills >= maxKills || !platform.groupExists(root)) return false;
    const entries = await this.table.get().catch(() => undefined);
    if (!entries) return false;
    const listed = entries.filter(({ group }) => group === root.process?.pid);
    // A relay that a scan has found after all is ended as a member.
    if (listed.length > 0) return this.#mayBeOurs(listed, membersOf(root, entries));
    this.#kills += 1;
    platform.killGroup(root);
    return true;
  }

  #mayBeOurs(listed: readonly ProcessEntry[], members: readonly ProcessEntry[]): boolean {
    const own = new Set(members.map(processKey));
    const others = listed.map(processKey).filter((key) => !own.has(key));
    const isForeign = others.some((key) => this.#others.has(key));
    this.#others = new Set(others);
    return !isForeign;
  }
}
