import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { daemonsAmong } from '../../../../src/host/processTree/daemons.js';
import type { ProcessEntry } from '../../../../src/host/system/processes.js';

const identity = (pid: number) => ({ pid, startTime: '1', bootId: '' });
const root = { name: 'r', process: identity(11), parent: 1, leader: identity(10) };

function entry(pid: number, parent: number, session: number, hasTerminal?: boolean): ProcessEntry {
  return { pid, parent, group: pid, session, startTime: '1', marker: 'r', command: 'x', hasTerminal };
}

describe('the daemons of a tree', () => {
  it('are the processes without a terminal in other sessions, each with its descendants', () => {
    const members = [
      entry(11, 10, 10, true),
      entry(20, 11, 20, false),
      entry(21, 20, 21, false),
      entry(22, 21, 22, true),
      entry(30, 1, 29, false),
    ];
    const found = daemonsAmong(root, members).map(({ processes }) => processes.map(({ pid }) => pid));
    assert.deepEqual(found, [[20, 21, 22], [30]]);
  });

  it('exclude tasks with a terminal of their own', () => {
    assert.deepEqual(daemonsAmong(root, [entry(11, 10, 10, true), entry(20, 11, 20, true)]), []);
  });

  it('exclude processes of its own session when its terminal is gone', () => {
    assert.deepEqual(daemonsAmong(root, [entry(11, 1, 10, false), entry(12, 11, 10, false)]), []);
  });

  it('are unknown if the system does not report terminals', () => {
    assert.deepEqual(daemonsAmong(root, [entry(20, 11, 20)]), []);
  });
});
