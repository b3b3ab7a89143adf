import assert from 'node:assert/strict';
import { ExclusiveLock } from '../../../src/core/locks.js';
import { held } from './fakes.js';

describe('the figures of a lock', () => {
  it('count who waits, who held it, and for how long, failures included', async () => {
    const lock = new ExclusiveLock();
    const gate = held();
    const first = lock.run(() => gate.promise);
    const second = assert.rejects(lock.run(() => Promise.reject(new Error('no'))));
    const before = lock.figures;
    gate.release();
    await Promise.all([first, second]);
    const after = lock.figures;
    assert.deepEqual([before.waiting, before.acquisitions, after.waiting, after.acquisitions], [2, 0, 0, 2]);
    assert.ok(after.longestHoldMs >= after.p99HoldMs && after.p99HoldMs >= 0);
  });
});
