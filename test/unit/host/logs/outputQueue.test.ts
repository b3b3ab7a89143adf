import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { OutputQueue, reuseBlocks } from '../../../../src/host/logs/outputQueue.js';

const kibibyte = 1024;

describe('the queue of output that waits for the disk', () => {
  it('drops the oldest output when it is full, and counts it', () => {
    const queue = new OutputQueue(128 * kibibyte);
    const lines = Array.from({ length: 5000 }, (_, line) => `${line}`.padEnd(31, '.') + '\n').join('');
    queue.push(Buffer.from(lines));
    const dropped = queue.takeDroppedBytes();
    assert.ok(dropped > 0);
    assert.equal(Buffer.concat(queue.takeAll()).toString(), lines.slice(dropped));
    assert.equal(queue.takeDroppedBytes(), 0);
    assert.ok(queue.isEmpty);
  });

  it('reuses the blocks of any number of logs', () => {
    const queues = Array.from({ length: 10 }, () => new OutputQueue(2048 * kibibyte));
    const chunk = Buffer.alloc(4 * kibibyte, 'x');
    const used = new Set<ArrayBufferLike>();
    const usedAfter = [1, 2, 3].map(() => {
      for (const queue of queues) while (!queue.isHalfFull) queue.push(chunk);
      const blocks = queues.flatMap((queue) => queue.takeAll());
      for (const { buffer } of blocks) if (buffer.byteLength === 64 * kibibyte) used.add(buffer);
      reuseBlocks(blocks);
      return used.size;
    });
    assert.deepEqual(usedAfter, [150, 150, 150]);
  });

  it('copies small chunks together, and does not retain their buffers', () => {
    const queue = new OutputQueue(128 * kibibyte);
    for (let number = 0; number < 10_000; number += 1) queue.push(Buffer.from('x'));
    const blocks = queue.takeAll();
    assert.deepEqual(
      blocks.map(({ length, buffer }) => [length, buffer.byteLength]),
      [
        [4 * kibibyte, 4 * kibibyte],
        [10_000 - 4 * kibibyte, 64 * kibibyte],
      ],
    );
  });
});
