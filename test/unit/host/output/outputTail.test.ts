import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { plainTail } from '../../../../src/host/output/outputTail.js';

describe('the tail of an output', () => {
  it('is text without colors, titles, links, clipboard access and other control characters', () => {
    const raw =
      '\u001b]0;title\u0007\u001b]52;c;aGk=\u0007\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007\r\n\u001b[31mred\u0000\u001b[0m\u009b2J\n\n';
    assert.deepEqual(plainTail(raw), ['link', 'red']);
  });

  it('shows the final content of an overwritten line', () => {
    assert.deepEqual(plainTail('⠙\u001b[1G\u001b[0Knpm error code 1\r\n⠙\u001b[1G\u001b[0K'), [
      'npm error code 1',
    ]);
  });

  it('is bounded in lines and in their length', () => {
    const tail = plainTail(`${'x'.repeat(10_000)}\n`.repeat(100));
    assert.deepEqual([tail.length, tail[0]?.length], [20, 500]);
  });
});
