import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { membersOf, type ProcessEntry, type TreeRoot } from '../../../../src/host/system/processes.js';
import { SeenMembers } from '../../../../src/host/system/seenMembers.js';

const start = 'Mon Nov 2 10:06:43 2026';
const later = 'Mon Nov 2 10:06:44 2026';
const process = { pid: 100, startTime: start, bootId: 'b' };

/** Returns a process that hides its environment, in a session of its own. */
function hidden(pid: number, parent: number, startTime = start): ProcessEntry {
  return { pid, parent, group: pid, session: pid, startTime, marker: undefined, command: 'sh' };
}

describe('the members of a tree that hide their environments', () => {
  it('are remembered from scan to scan, and are on record until they have ended', () => {
    const records: number[][] = [];
    const seen: SeenMembers = new SeenMembers([process], () =>
      records.push(seen.members.map(({ pid }) => pid)),
    );
    const root: TreeRoot = { name: 'r', process, parent: 50, seen };
    const scans = [
      [hidden(100, 50), hidden(101, 100), hidden(102, 101)],
      // Its parents have ended, and the first process of the system is its parent now.
      [hidden(102, 1), hidden(103, 1)],
      [hidden(102, 1)],
      [],
      [],
    ];
    assert.deepEqual(
      scans.map((table) => membersOf(root, table).map(({ pid }) => pid)),
      [[100, 101, 102], [102], [102], [], []],
    );
    assert.deepEqual(records, [[100, 101, 102], [102], []]);
  });

  it('exclude foreign processes that get the pid later', () => {
    const seen = new SeenMembers([process, { pid: 102, startTime: start }]);
    assert.deepEqual(membersOf({ name: 'r', process, parent: 50, seen }, [hidden(102, 1, later)]), []);
  });
});
