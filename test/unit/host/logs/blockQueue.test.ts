import assert from 'node:assert/strict';
import { BlockQueue, release } from '../../../../src/host/logs/blockQueue.js';

const kibibyte = 1024;

describe('the queue of output that waits for the disk', () => {
  it('uses the blocks of many logs again, however many there are', () => {
    const queues = Array.from({ length: 10 }, () => new BlockQueue(32));
    const chunk = Buffer.alloc(4 * kibibyte, 'x');
    const used = new Set<ArrayBufferLike>();
    const usedAfter = [1, 2, 3].map(() => {
      for (const queue of queues) while (!queue.isHalfFull) queue.push(chunk);
      const blocks = queues.flatMap((queue) => queue.takeAll());
      for (const { buffer } of blocks) if (buffer.byteLength === 64 * kibibyte) used.add(buffer);
      release(blocks);
      return used.size;
    });
    assert.deepEqual(usedAfter, [150, 150, 150]);
  });

  it('gives up the oldest when it is full, and tells how much', () => {
    const queue = new BlockQueue(2);
    const lines = Array.from({ length: 5000 }, (_, line) => `${line}`.padEnd(31, '.') + '\n').join('');
    queue.push(Buffer.from(lines));
    const dropped = queue.takeDroppedBytes();
    assert.ok(dropped > 0);
    const blocks = queue.takeAll();
    assert.equal(Buffer.concat(blocks).toString(), lines.slice(dropped));
    assert.equal(queue.takeDroppedBytes(), 0);
    release(blocks);
  });
});
