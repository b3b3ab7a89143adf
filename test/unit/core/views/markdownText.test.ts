import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { markdownText } from '../../../../src/core/views/markdownText.js';
import { threadMsOf } from '../../../support/threadTime.js';

describe('a long text in a report', () => {
  it('hides secrets at both of its ends', () => {
    const text = markdownText(`PASSWORD=first ${'x '.repeat(50_000)} --token second`);
    assert.ok(text.length < 1100);
    assert.doesNotMatch(text, /first|second/);
  });

  it('takes no quadratic time', () => {
    // The search of the whole text takes several seconds.
    assert.ok(threadMsOf(() => markdownText('token-'.repeat(20_000))) < 2000);
  });
});
