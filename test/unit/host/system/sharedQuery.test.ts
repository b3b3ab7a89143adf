import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { SharedQuery } from '../../../../src/host/system/sharedQuery.js';

describe('a table that many ask for', () => {
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

  it('is looked at once for all who ask in the same turn', async () => {
    const { counts, list } = slowList(5);
    const table = new SharedQuery(list);
    await Promise.all(Array.from({ length: 50 }, () => table.get()));
    assert.equal(counts.started, 1);
  });

  it('is looked at by one at a time, and those who ask meanwhile share the next look', async () => {
    const { counts, list } = slowList(30);
    const table = new SharedQuery(list);
    const queries = [];
    for (let asked = 0; asked < 20; asked += 1) {
      queries.push(table.get());
      await sleep(2);
    }
    await Promise.all(queries);
    assert.equal(counts.maxRunning, 1);
    assert.ok(counts.started <= 4, `${counts.started} queries`);
  });

  it('is never older than the question', async () => {
    const { counts, list } = slowList(20);
    const table = new SharedQuery(list);
    const first = table.get();
    await sleep(5);
    assert.equal(counts.started, 1);
    assert.deepEqual([await first, await table.get()], [[1], [2]]);
  });

  it('is looked at again the sooner, the less a look takes from others', async () => {
    const fiveQueries = async (options: ConstructorParameters<typeof SharedQuery>[1]): Promise<number> => {
      const table = new SharedQuery(slowList(30).list, options);
      const start = performance.now();
      for (let query = 0; query < 5; query += 1) await table.get();
      return performance.now() - start;
    };
    const [expensive, cheap] = [await fiveQueries({}), await fiveQueries({ effort: () => 0 })];
    // A pause of 60 ms follows each query of 30 ms, except the first ones.
    assert.ok(expensive > cheap * 1.5, `${expensive} ms and ${cheap} ms`);
  });

  it('can be looked at again after a look that failed or hung', async () => {
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
