import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { withoutFullStop } from '../../../src/core/text.js';

describe('a text as a part of a longer sentence', () => {
  it('has no full stop, in Chinese and Japanese either', () => {
    for (const text of ['web crashed.', 'web 已崩溃。'])
      assert.equal(withoutFullStop(text), text.slice(0, -1));
    assert.equal(withoutFullStop('run v1.2'), 'run v1.2');
  });
});
