import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { identityOrUnknown, isAlive } from '../../../../src/host/platform/processIdentity.js';

const fail = (): Promise<never> => Promise.reject(new Error('the system has no such tool'));
const unknown = { pid: 7, startTime: 'unknown', bootId: '' };

describe('the identity of a process that the system does not report', () => {
  it('has the pid alone, and the reasons are reported', async () => {
    const errors: string[] = [];
    const report = (error: unknown): void => void errors.push(String(error));
    const none = { identify: fail, bootId: fail };
    assert.deepEqual(await identityOrUnknown(7, none, report), unknown);
    const noProcesses = { identify: fail, bootId: () => Promise.resolve('boot') };
    assert.equal((await identityOrUnknown(7, noProcesses, report)).bootId, 'boot');
    assert.deepEqual(errors, Array<string>(3).fill('Error: the system has no such tool'));
  });

  it('matches any process with its pid, as if it were of this boot', async () => {
    const now = { pid: 7, startTime: '3', bootId: 'boot' };
    const alive = (identity: typeof now, identified: typeof now | undefined): Promise<boolean> =>
      isAlive(identity, { identify: () => Promise.resolve(identified) });
    assert.deepEqual(
      await Promise.all([
        alive(unknown, now),
        alive({ ...now, bootId: 'other' }, now),
        alive(unknown, undefined),
      ]),
      [true, false, false],
    );
  });
});
