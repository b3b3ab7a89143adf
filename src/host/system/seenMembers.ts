import type { MemberRecord } from '../../core/server/otherWindows.js';
import { processKey, type ProcessEntry } from './processes.js';

/** Number of scans without a process after which it counts as gone: two callers may read their scans in another order. */
const maxMisses = 2;

/** Number of members that a record holds at most. */
const maxRecorded = 500;

/**
 * Remembers the processes of a tree from scan to scan: during a stop, and all the time on systems that hide
 * environments and so markers. If a process has no marker and its parent has exited, little links it to its tree: on
 * Windows only the number of that parent, which another process may get, and elsewhere only its group.
 */
export class SeenMembers {
  readonly #seen = new Map<string, { readonly process: MemberRecord; misses: number }>();

  /** `known` are the root and the members on record; `onChange` is called when they change. */
  constructor(
    known: readonly MemberRecord[] = [],
    private readonly onChange: () => void = () => undefined,
  ) {
    for (const each of known) this.#add(each);
  }

  /** The members for the record: the latest ones of very many. */
  get members(): MemberRecord[] {
    return [...this.#seen.values()].map(({ process }) => process).slice(-maxRecorded);
  }

  /**
   * Returns the processes of a scan that were members before, and those whose parent was one and has ended since. The
   * first scan without the parent sees all of the latter, since an exited parent starts no further ones.
   */
  among(table: readonly ProcessEntry[]): ProcessEntry[] {
    const pids = new Set(table.map(({ pid }) => pid));
    const ended = new Map<number, MemberRecord>();
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
    const sizeBefore = this.#seen.size;
    const isNew = [...keys].some((key) => !this.#seen.has(key));
    for (const [key, each] of this.#seen) {
      each.misses = keys.has(key) ? 0 : each.misses + 1;
      if (each.misses >= maxMisses) this.#seen.delete(key);
    }
    const isChanged = isNew || this.#seen.size < sizeBefore;
    for (const member of members) this.#add(member);
    if (isChanged) this.onChange();
  }

  #add({ pid, startTime }: MemberRecord): void {
    this.#seen.set(processKey({ pid, startTime }), { process: { pid, startTime }, misses: 0 });
  }
}

/** Compares start times, which are numbers or dates. */
function isEarlier(one: MemberRecord, other: MemberRecord): boolean {
  const [first, second] = [one, other].map(({ startTime }) => startTime);
  if (first === undefined || second === undefined) return false;
  if (/^\d+$/.test(first) && /^\d+$/.test(second)) return BigInt(first) < BigInt(second);
  return Date.parse(first) < Date.parse(second);
}
