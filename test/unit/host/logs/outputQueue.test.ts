import assert from 'node:assert/strict';
import { OutputQueue } from '../../../../src/host/logs/outputQueue.js';

describe('the queue of output that waits for the disk', () => {
  const chunk = (number: number): Buffer => Buffer.from(`${number}`.padStart(1000, '.'));
  const numbers = (queue: OutputQueue): number[] =>
    queue.takeAll().map((each) => Number(each.toString().replaceAll('.', '')));

  it('gives up the oldest when it is full, and tells how much', () => {
    const queue = new OutputQueue(10_000);
    for (let number = 0; number < 20; number += 1) queue.push(chunk(number));
    assert.equal(queue.takeDroppedBytes(), 13_000);
    assert.deepEqual(numbers(queue), [13, 14, 15, 16, 17, 18, 19]);
    assert.equal(queue.takeDroppedBytes(), 0);
    assert.ok(queue.isEmpty);
  });

  it('counts for small chunks more than their bytes', () => {
    const queue = new OutputQueue(10_000);
    for (let number = 0; number < 10_000; number += 1) queue.push(Buffer.from('x'));
    assert.ok(queue.takeAll().length < 100);
    assert.ok(queue.takeDroppedBytes() > 9900);
  });
});
