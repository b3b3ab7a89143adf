import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { SlowPatternError } from '../../../../src/core/logs/logStore.js';
import { callWithin, TimeLimitError } from '../../../../src/host/system/boundedCall.js';
import { boundedMatcher } from '../../../../src/host/system/boundedPattern.js';

const line = `${'a'.repeat(60)}!`;

describe('a pattern of the user', () => {
  const slow: readonly [pattern: string, text?: string][] = [
    [String.raw`(\w+\s?)+ ready$`, `${'word '.repeat(40)}!`],
    ['(a+)+$'],
    [String.raw`(a+)+\1b`],
    ['(?=(a+)+$)!'],
    // Half a billion steps: more than the limit allows on any machine, and few enough to end without the limit.
    [`^${'(a|a)'.repeat(29)}b`],
  ];
  for (const [source, text = line] of slow) {
    it(`is given up when it takes too long: ${source.slice(0, 40)}`, () => {
      const match = boundedMatcher(new RegExp(source));
      assert.throws(() => match([text]), SlowPatternError);
    });
  }

  it('matches afterwards', () => {
    assert.throws(() => boundedMatcher(/(a+)+$/)([line]), SlowPatternError);
    assert.deepEqual(boundedMatcher(/a+/)(['b', 'aa']), [false, true]);
  });

  it('rethrows errors of the work, which cannot catch its timeout', () => {
    assert.throws(() => callWithin(() => assert.fail('own')), /own/);
    assert.throws(
      () =>
        callWithin(() => {
          for (;;) {
            try {
              for (;;);
            } catch {
              // The end of the time is no exception.
            }
          }
        }),
      TimeLimitError,
    );
  });
});
