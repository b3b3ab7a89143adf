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
      data: { 'a\\ud800': ['a\\ud800', { name: 'a\\ud800' }] },
      failed: true,
    });
  });

  it('has no invisible text that only a model reads', () => {
    const hidden = [0xe0049, 0xe0067, 0xe0100, 0x200b, 0x2062, 0x202e, 0xfe01, 0xad, 0x3164];
    const visible = 'ready 👩‍💻 ❤️ می\u200cخواهم';
    const text = `${String.fromCodePoint(...hidden)}${visible}${String.fromCodePoint(...hidden)}`;
    assert.equal(boundedAnswer({ text, data: {} }).text, visible);
  });

  it('shows codes for invisible and control characters in names and commands', () => {
    const hidden = 'a\u202eb\u2066\u00ad\u001b[2K\u{e0049}';
    const visible = 'ready 👩‍💻 ❤️ 1️⃣ می\u200cخواهم\n';
    const { data } = boundedAnswer({ text: '', data: { [hidden]: [hidden, { id: hidden + visible }] } });
    const shown = 'a\\u202eb\\u2066\\u00ad\\u001b[2K\\udb40\\udc49';
    assert.deepEqual(data, { [shown]: [shown, { id: shown + visible }] });
  });

  it('is otherwise unchanged', () => {
    const answer = { text: 'web is ready. 😀', data: { id: 'web', pid: 7, none: null, on: true, list: [1] } };
    assert.deepEqual(boundedAnswer(answer), answer);
  });
});
