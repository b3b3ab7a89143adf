import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { membersOf, type ProcessEntry, type TreeRoot } from '../../../../src/host/system/processes.js';

const host = 50;
const root: TreeRoot = { name: 'r1', process: { pid: 100, startTime: '7', bootId: 'b' }, parent: host };

/** Returns a process of the run, with the given changes. */
function entry(pid: number, more: Partial<ProcessEntry> = {}): ProcessEntry {
  return { pid, parent: host, group: 100, session: 100, startTime: '7', marker: 'r1', command: 'x', ...more };
}
const unrelated = { parent: 1, group: 900, session: 900, marker: '' };
const members = (...table: ProcessEntry[]): number[] => membersOf(root, table).map(({ pid }) => pid);

describe('the members of a process tree', () => {
  it('are the root, its children, its group and its session', () => {
    assert.deepEqual(
      members(
        entry(100),
        entry(101, { ...unrelated, parent: 100 }),
        entry(102, { ...unrelated, parent: 101 }),
        entry(103, { ...unrelated, group: 100 }),
        entry(104, { ...unrelated, session: 100 }),
        entry(105, unrelated),
      ),
      [100, 101, 102, 103, 104],
    );
  });

  it('include processes with the marker, wherever they are, and their descendants', () => {
    assert.deepEqual(
      members(
        entry(200, { parent: 1, group: 200, session: 200 }),
        entry(201, { ...unrelated, session: 200, group: 200 }),
        entry(202, { ...unrelated, parent: 201 }),
      ),
      [200, 201, 202],
    );
  });

  it('do not include a foreign process that has the pid now', () => {
    assert.deepEqual(members(entry(100, { ...unrelated, startTime: '8', group: 100, session: 100 })), []);
  });

  it('do not include a foreign process that has the pid now, even if environments cannot be read', () => {
    const unreadable = { ...unrelated, startTime: '8', marker: undefined };
    assert.deepEqual(members(entry(100, unreadable)), []);
  });

  it('do not include a foreign process that has the pid and, by chance, the start time', () => {
    assert.deepEqual(members(entry(100, { ...unrelated, group: 100, session: 100 })), []);
  });

  it('include the root without marker as long as it is a child of the process host', () => {
    assert.deepEqual(
      members(entry(100, { marker: '' }), entry(101, { ...unrelated, parent: 100 })),
      [100, 101],
    );
  });

  it('do not include a session of that number in which nothing is proven to be ours', () => {
    assert.deepEqual(members(entry(300, { ...unrelated, session: 100, group: 100 })), []);
  });

  it('do not include a foreign session that contains one of our processes', () => {
    assert.deepEqual(members(entry(400, { session: 900, group: 900 }), entry(900, unrelated)), [400]);
  });

  it('do not include the processes of another run', () => {
    assert.deepEqual(members(entry(100), entry(500, { ...unrelated, marker: 'r2' })), [100]);
  });

  it('are, for a window, all processes whose marker begins with its id', () => {
    const table = [
      entry(100, { marker: 'w1-1' }),
      entry(101, { ...unrelated, group: 101, session: 101, marker: 'w1-22' }),
      entry(102, { ...unrelated, parent: 101 }),
      entry(103, { ...unrelated, marker: 'w12-1' }),
      entry(104, { ...unrelated, marker: undefined }),
    ];
    const window: TreeRoot = { name: 'w1', process: undefined, parent: host };
    assert.deepEqual(
      membersOf(window, table).map(({ pid }) => pid),
      [100, 101, 102],
    );
  });

  it('include the root where environments cannot be read, by its start time', () => {
    assert.deepEqual(members(entry(100, { ...unrelated, marker: undefined })), [100]);
  });

  it('never include the first process, the process host or unrelated processes', () => {
    const table = [
      entry(1, { parent: 0, group: 1, session: 1, marker: '' }),
      entry(host, { ...unrelated, marker: '' }),
      entry(100),
    ];
    assert.deepEqual(members(...table), [100]);
  });
});
