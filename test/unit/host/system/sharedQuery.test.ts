import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { SharedQuery } from '../../../../src/host/system/sharedQuery.js';

describe('a table that many ask for', () => {
  /** A list that takes so long, and how often and how many at once it was asked for. */
  function slowList(milliseconds: number) {
    const counts = { begun: 0, running: 0, maxRunning: 0 };
    const list = async (): Promise<number[]> => {
      counts.begun += 1;
      counts.running += 1;
      counts.maxRunning = Math.max(counts.maxRunning, counts.running);
      const number = counts.begun;
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
    assert.equal(counts.begun, 1);
  });

  it('is looked at by one at a time, and those who ask meanwhile share the next look', async () => {
    const { counts, list } = slowList(30);
    const table = new SharedQuery(list);
    const looks = [];
    for (let asked = 0; asked < 20; asked += 1) {
      looks.push(table.get());
      await sleep(2);
    }
    await Promise.all(looks);
    assert.equal(counts.maxRunning, 1);
    assert.ok(counts.begun <= 4, `${counts.begun} looks`);
  });

  it('is never older than the question', async () => {
    const { counts, list } = slowList(20);
    const table = new SharedQuery(list);
    const first = table.get();
    await sleep(5);
    assert.equal(counts.begun, 1);
    assert.deepEqual([await first, await table.get()], [[1], [2]]);
  });

  it('is looked at again the sooner, the less a look takes from others', async () => {
    const fiveLooks = async (options: ConstructorParameters<typeof SharedQuery>[1]): Promise<number> => {
      const table = new SharedQuery(slowList(30).list, options);
      const start = performance.now();
      for (let look = 0; look < 5; look += 1) await table.get();
      return performance.now() - start;
    };
    const [dear, cheap] = [await fiveLooks({}), await fiveLooks({ effort: () => 0 })];
    // Rests of 60 ms follow what took 30 ms, but for the first ones.
    assert.ok(dear > cheap * 1.5, `${dear} ms and ${cheap} ms`);
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
