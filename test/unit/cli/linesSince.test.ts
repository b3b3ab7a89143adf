import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { parseSince } from '../../../src/cli/commands/linesSince.js';

const now = Date.parse('2026-05-01T12:00:00Z');

describe('--since', () => {
  it('is an age or a date', () => {
    assert.deepEqual(
      ['90s', '1.5m', '2h', '1d', '2026-04-30', '2026-04-30T10:00Z'].map(
        (text) => now - parseSince(text, now),
      ),
      [90_000, 90_000, 7_200_000, 86_400_000, 129_600_000, 93_600_000],
    );
  });

  it('is not a number alone, which would be a year or a month', () => {
    for (const text of ['5', '90', '0', '', '2026-13-45', '-5m', '5 m', 'yesterday'])
      assert.throws(() => parseSince(text, now), /--since must be a time/u, text);
  });
});
