import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { Debouncer } from '../../../src/core/debouncer.js';
import { FakeTime } from './support/fakeTime.js';

describe('a debouncer', () => {
  function world() {
    const time = new FakeTime();
    const ran: number[] = [];
    return { time, ran, debouncer: new Debouncer(time, () => ran.push(time.tick())) };
  }

  it('runs the action once for all calls, after the first delay', async () => {
    const { time, ran, debouncer } = world();
    debouncer.schedule(10);
    await time.pass(8);
    debouncer.schedule(10);
    await time.pass(2);
    await time.pass(100);
    assert.deepEqual(ran, [10]);
  });

  it('runs the action once for all calls, after the last delay', async () => {
    const { time, ran, debouncer } = world();
    debouncer.restart(10);
    await time.pass(8);
    debouncer.restart(10);
    await time.pass(8);
    assert.deepEqual(ran, []);
    await time.pass(2);
    await time.pass(100);
    assert.deepEqual(ran, [18]);
  });

  it('runs the action again when it is scheduled again, also by the action itself', async () => {
    const time = new FakeTime();
    const ran: number[] = [];
    const debouncer = new Debouncer(time, () => {
      ran.push(time.tick());
      if (ran.length < 3) debouncer.schedule(5);
    });
    debouncer.schedule(5);
    for (let step = 0; step < 10; step += 1) await time.pass(5);
    debouncer.restart(5);
    await time.pass(5);
    assert.deepEqual(ran, [5, 10, 15, 55]);
  });

  it('is pending until the action runs or is cancelled', async () => {
    const { time, ran, debouncer } = world();
    const pending = [debouncer.isPending];
    debouncer.schedule(10);
    pending.push(debouncer.isPending);
    await time.pass(10);
    pending.push(debouncer.isPending);
    debouncer.schedule(10);
    debouncer.cancel();
    pending.push(debouncer.isPending);
    await time.pass(10);
    assert.deepEqual(
      { pending, ran, left: time.waits },
      { pending: [false, true, false, false], ran: [10], left: [] },
    );
  });
});
