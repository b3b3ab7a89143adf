import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { RingBuffer } from '../../../../src/host/output/ringBuffer.js';

const kibibyte = 1024;

describe('the ring of an output', () => {
  it('keeps all of a short output', () => {
    const ring = new RingBuffer(1024 * kibibyte);
    const pieces = ['one\n', '', 'two\n', 'x'.repeat(5000), '\nthree'];
    for (const piece of pieces) ring.push(Buffer.from(piece));
    assert.deepEqual([ring.text(), ring.droppedBytes], [pieces.join(''), 0]);
  });

  it('keeps the last whole lines of a long output, and at least its capacity minus one block', () => {
    const capacity = 64 * kibibyte;
    for (const length of [1, 7, 100, 4096, 5000, 70_000]) {
      const ring = new RingBuffer(capacity);
      let written = '';
      for (let line = 0; written.length < 5 * capacity; line += 1) {
        const text = `${line} `.padEnd(length, '.');
        written += `${text}\n`;
        ring.push(Buffer.from(`${text}\n`));
      }
      const text = ring.text();
      const longest = Math.max(length, 10);
      assert.ok(written.endsWith(text), `with lines of ${length}`);
      assert.ok(text.length <= capacity, `${text.length} with lines of ${length}`);
      if (longest < capacity)
        assert.ok(
          text.length > capacity - capacity / 16 - longest - 1,
          `${text.length} with lines of ${length}`,
        );
      assert.ok(
        ring.droppedBytes >= written.length - capacity,
        `${ring.droppedBytes} with lines of ${length}`,
      );
    }
  });

  it('returns only the last lines if these are requested', () => {
    const ring = new RingBuffer(64 * kibibyte);
    for (let line = 0; line < 1000; line += 1) ring.push(Buffer.from(`line ${line}\n`));
    assert.deepEqual(
      [ring.text(20), ring.text(12), ring.text(9), ring.text(0)],
      ['line 998\nline 999\n', 'line 999\n', '', ''],
    );
    assert.equal(ring.text(1_000_000).startsWith('line 0\n'), true);
  });

  it('takes little memory for a few lines, and never more than its size', () => {
    const outside = (): number => process.memoryUsage().arrayBuffers;
    const before = outside();
    const rings = Array.from({ length: 100 }, () => new RingBuffer(1024 * kibibyte));
    for (const ring of rings) ring.push(Buffer.from('ready\n'));
    const each = (outside() - before) / rings.length;
    assert.ok(each <= 5 * kibibyte, `${each} bytes`);
  });
});
