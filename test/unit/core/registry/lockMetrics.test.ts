import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ExclusiveLock } from '../../../../src/core/registry/locks.js';
import { LockMeter } from '../../../../src/core/registry/lockMetrics.js';
import { Registry } from '../../../../src/core/registry/registry.js';
import { held } from '../support/fakes.js';

describe('the figures of a lock', () => {
  it('count waiting callers, holds and their durations, including failures', async () => {
    const lock = new ExclusiveLock();
    const gate = held();
    const first = lock.run(() => gate.promise);
    const second = assert.rejects(lock.run(() => Promise.reject(new Error('no'))));
    const before = lock.metrics;
    gate.release();
    await Promise.all([first, second]);
    const after = lock.metrics;
    assert.deepEqual([before.waiting, before.acquisitions, after.waiting, after.acquisitions], [2, 0, 0, 2]);
    assert.ok(after.maxHoldMs >= after.p99HoldMs && after.p99HoldMs >= 0);
  });

  it('are all zero at first', () => {
    const figures = { acquisitions: 0, waiting: 0, maxHoldMs: 0, p99HoldMs: 0 };
    assert.deepEqual(new LockMeter().metrics, figures);
    const log = { info: () => undefined, error: () => undefined };
    const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
    assert.deepEqual(registry.lockMetrics, figures);
  });

  it('include the longest hold, and the 99th percentile of the recent ones', async () => {
    let now = 5;
    const statistics = new LockMeter(() => now);
    const hold = async (milliseconds: number): Promise<void> => {
      await statistics.measure(() => {
        now += milliseconds;
      })();
    };
    await hold(5000);
    await hold(9);
    await hold(100);
    const few = statistics.metrics;
    // Unordered, so that the percentile must sort; after these the first hold is no longer recent.
    for (let count = 0; count < 999; count += 1) await hold(1 + ((count * 7) % 999));
    assert.deepEqual(
      [few, statistics.metrics],
      [
        { acquisitions: 3, waiting: 0, maxHoldMs: 5000, p99HoldMs: 5000 },
        { acquisitions: 1002, waiting: 0, maxHoldMs: 5000, p99HoldMs: 989 },
      ],
    );
  });
});
