import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { SharedQuery } from '../../../../src/host/system/sharedQuery.js';

describe('a table with many callers', () => {
  /** Returns a list that takes `milliseconds`, and counts of its calls, in total and at the same time. */
  function slowList(milliseconds: number) {
    const counts = { started: 0, running: 0, maxRunning: 0 };
    const list = async (): Promise<number[]> => {
      counts.started += 1;
      counts.running += 1;
      counts.maxRunning = Math.max(counts.maxRunning, counts.running);
      const number = counts.started;
      await sleep(milliseconds);
      counts.running -= 1;
      return [number];
    };
    return { counts, list };
  }

  it('is queried once for all calls in the same turn', async () => {
    const { counts, list } = slowList(5);
    const table = new SharedQuery(list);
    await Promise.all(Array.from({ length: 50 }, () => table.get()));
    assert.equal(counts.started, 1);
  });

  it('is queried by one at a time; calls meanwhile share the next query', async () => {
    const endings: (() => void)[] = [];
    const table = new SharedQuery(
      () => new Promise<number[]>((resolve) => endings.push(() => resolve([endings.length]))),
    );
    const first = table.get();
    await sleep(0);
    const others = Array.from({ length: 20 }, () => table.get());
    await sleep(0);
    assert.equal(endings.length, 1);
    endings[0]?.();
    assert.deepEqual(await first, [1]);
    while (endings.length < 2) await sleep(0);
    endings[1]?.();
    assert.deepEqual(new Set((await Promise.all(others)).flat()), new Set([2]));
  });

  it('is never older than the call', async () => {
    const { counts, list } = slowList(20);
    const table = new SharedQuery(list);
    const first = table.get();
    await sleep(5);
    assert.equal(counts.started, 1);
    assert.deepEqual([await first, await table.get()], [[1], [2]]);
  });

  it('is queried again sooner if a query takes less time from other work', async () => {
    /** Pauses before each of five queries, which take 30 ms on a clock that only they and the pauses move. */
    const pauses = async (effortOf: (now: number) => number): Promise<number[]> => {
      let now = 0;
      const paused: number[] = [];
      const time = {
        now: () => now,
        sleep: (milliseconds: number) => {
          paused.push(milliseconds);
          now += milliseconds;
          return Promise.resolve();
        },
      };
      const list = (): Promise<number[]> => {
        now += 30;
        return Promise.resolve([]);
      };
      const table = new SharedQuery(list, { time, effort: () => effortOf(now) });
      for (let query = 0; query < 5; query += 1) {
        await table.get();
        // The end of the pause is computed in a later turn.
        await sleep(0);
      }
      return paused;
    };
    assert.deepEqual([await pauses((now) => now), await pauses(() => 0)], [[30, 30, 30], []]);
  });

  it('can be queried again after a query that failed or hung', async () => {
    const answers = [
      () => Promise.reject(new Error('no tool')),
      () => new Promise<number[]>(() => undefined),
      () => Promise.resolve([7]),
    ];
    const table = new SharedQuery(() => (answers.shift() ?? (() => Promise.resolve([])))(), {
      limitMs: 30,
    });
    await assert.rejects(table.get(), /no tool/);
    await assert.rejects(table.get(), /No list within 30 ms/);
    assert.deepEqual(await table.get(), [7]);
  });
});
