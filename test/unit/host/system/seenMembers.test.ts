import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { membersOf, type ProcessEntry } from '../../../../src/host/system/processes.js';
import { SeenMembers } from '../../../../src/host/system/seenMembers.js';

function entry(pid: number, parent: number, startTime: string): ProcessEntry {
  return { pid, parent, startTime, group: pid, session: pid, marker: undefined, command: '' };
}

const process = { pid: 10, startTime: '100', bootId: '' };

function newRoot() {
  return { name: 'run', process, parent: 1, seen: new SeenMembers([process]) };
}

const pids = (entries: readonly ProcessEntry[]): number[] => entries.map(({ pid }) => pid);

describe('a tree whose processes carry no marker', () => {
  it('keeps the descendants that were seen after the end of their parents', () => {
    const root = newRoot();
    const chain = [entry(10, 1, '100'), entry(11, 10, '110'), entry(12, 11, '120'), entry(13, 12, '130')];
    assert.deepEqual(pids(membersOf(root, chain)), [10, 11, 12, 13]);
    assert.deepEqual(pids(membersOf(root, [entry(13, 12, '130')])), [13]);
  });

  it('adds the children of an exited process in the first scan without it', () => {
    const root = newRoot();
    membersOf(root, [entry(10, 1, '100')]);
    assert.deepEqual(
      pids(membersOf(root, [entry(20, 10, '120'), entry(21, 20, '130'), entry(5, 10, '90')])),
      [20, 21],
    );
  });

  it('adds no child of another process that has the pid of an exited one', () => {
    const root = newRoot();
    membersOf(root, [entry(10, 1, '100')]);
    for (let scan = 0; scan < 2; scan += 1) membersOf(root, []);
    assert.deepEqual(membersOf(root, [entry(30, 10, '300')]), []);
  });

  it('adds no process that has got the pid of a member', () => {
    const root = newRoot();
    membersOf(root, [entry(10, 1, '100'), entry(11, 10, '110')]);
    assert.deepEqual(pids(membersOf(root, [entry(10, 1, '100'), entry(11, 1, '500')])), [10]);
  });
});
