import type { ProcessEntry } from '../system/processes.js';

/** Returns the pids of all descendants of some members. */
export function pidsBelow(members: readonly ProcessEntry[], parents: readonly ProcessEntry[]): Set<number> {
  const found = new Set<number>();
  let pids = new Set(parents.map(({ pid }) => pid));
  while (pids.size > 0) {
    const children = members.filter(({ pid, parent }) => pids.has(parent) && !found.has(pid));
    for (const { pid } of children) found.add(pid);
    pids = new Set(children.map(({ pid }) => pid));
  }
  return found;
}

/** Returns the pids of all ancestors of some members. */
export function pidsAbove(members: readonly ProcessEntry[], children: readonly ProcessEntry[]): Set<number> {
  const byPid = new Map(members.map((entry) => [entry.pid, entry]));
  const found = new Set<number>();
  for (const { parent } of children)
    for (let entry = byPid.get(parent); entry && !found.has(entry.pid); entry = byPid.get(entry.parent))
      found.add(entry.pid);
  return found;
}
