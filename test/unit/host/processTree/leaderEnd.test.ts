import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Platform } from '../../../../src/host/platform/platform.js';
import { endLeader } from '../../../../src/host/processTree/leaderEnd.js';

const leader = { pid: 100, startTime: '5', bootId: 'boot' };
const root = { name: 'run', process: { pid: 101, startTime: '6', bootId: 'boot' }, parent: 90, leader };

/** Ends the leader, whose pid belongs to a process with this start time. Returns what got a signal, in order. */
async function signalled(startTime: string): Promise<string[]> {
  const signals: string[] = [];
  const platform = {
    identify: () => Promise.resolve(signals.includes('process 100') ? undefined : { ...leader, startTime }),
    killGroup: ({ process }: typeof root) => signals.push(`group ${process.pid}`),
    signal: (_: unknown, [entry]: { pid: number }[]) => {
      signals.push(`process ${entry?.pid}`);
      return Promise.resolve();
    },
  } as unknown as Platform;
  assert.deepEqual(await endLeader(root, platform, () => true), []);
  return signals;
}

describe('the end of a session leader', () => {
  it('takes the whole group of the leader along', async () => {
    assert.deepEqual((await signalled('5'))[0], 'group 100');
  });

  it('leaves a group alone whose number belongs to another program by now', async () => {
    assert.equal((await signalled('7')).includes('group 100'), false);
  });
});
