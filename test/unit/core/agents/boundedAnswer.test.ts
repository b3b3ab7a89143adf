import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { boundedAnswer } from '../../../../src/core/agents/boundedAnswer.js';

describe('an answer to an agent', () => {
  it('is bounded', () => {
    const long = 'x'.repeat(3_000_000);
    const servers = Array.from({ length: 200 }, () => ({ id: long, command: long, otherUrls: [long, long] }));
    const { text, data } = boundedAnswer({ text: `begin ${long} end`, data: { id: long, servers } });
    assert.ok(text.length <= 80 * 1024 && text.startsWith('begin') && text.endsWith('end'));
    assert.ok(JSON.stringify(data).length < 300 * 1024);
  });

  it('is well-formed', () => {
    const half = 'a\ud800';
    const answer = boundedAnswer({ text: half, data: { [half]: [half, { name: half }] }, failed: true });
    assert.deepEqual(answer, {
      text: 'a\ufffd',
      data: { 'a\ufffd': ['a\ufffd', { name: 'a\ufffd' }] },
      failed: true,
    });
  });

  it('stays as it is otherwise', () => {
    const answer = { text: 'web is ready. 😀', data: { id: 'web', pid: 7, none: null, on: true, list: [1] } };
    assert.deepEqual(boundedAnswer(answer), answer);
  });
});
