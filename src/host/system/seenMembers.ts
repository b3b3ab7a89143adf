import { processKey, type ProcessEntry } from './processes.js';

type Process = Pick<ProcessEntry, 'pid' | 'startTime'>;

/** Number of scans without a process after which it counts as gone: two callers may read their scans in another order. */
const maxMisses = 2;

/**
 * Remembers the processes of a tree from scan to scan, for systems without markers in environments. There a process whose
 * parent has ended has no link to its tree, except the number of that parent, which another process may get.
 */
export class SeenMembers {
  readonly #seen = new Map<string, { readonly process: Process; misses: number }>();

  constructor(root: Process) {
    this.#add(root);
  }

  /**
   * Returns the processes of a scan that were members before, and those whose parent was one and has ended since. The
   * latter are all seen in the first scan without their parent, since it can start none afterwards.
   */
  among(table: readonly ProcessEntry[]): ProcessEntry[] {
    const pids = new Set(table.map(({ pid }) => pid));
    const ended = new Map<number, Process>();
    for (const { process } of this.#seen.values())
      if (!pids.has(process.pid)) ended.set(process.pid, process);
    return table.filter((entry) => {
      const parent = ended.get(entry.parent);
      return this.#seen.has(processKey(entry)) || (parent !== undefined && !isEarlier(entry, parent));
    });
  }

  /** Remembers the members of a scan instead of those of the scans before. */
  update(members: readonly ProcessEntry[]): void {
    const keys = new Set(members.map(processKey));
    for (const [key, each] of this.#seen) {
      each.misses = keys.has(key) ? 0 : each.misses + 1;
      if (each.misses >= maxMisses) this.#seen.delete(key);
    }
    for (const member of members) this.#add(member);
  }

  #add({ pid, startTime }: Process): void {
    this.#seen.set(processKey({ pid, startTime }), { process: { pid, startTime }, misses: 0 });
  }
}

/** Compares start times, which are numbers or dates. */
function isEarlier(one: Process, other: Process): boolean {
  const [first, second] = [one, other].map(({ startTime }) => startTime);
  if (first === undefined || second === undefined) return false;
  if (/^\d+$/.test(first) && /^\d+$/.test(second)) return BigInt(first) < BigInt(second);
  return Date.parse(first) < Date.parse(second);
}
