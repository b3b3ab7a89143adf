import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { english, joinList, withoutFullStop } from '../../../src/core/text.js';

describe('a text as a part of a longer sentence', () => {
  it('has no full stop, in Chinese and Japanese either', () => {
    for (const text of ['web crashed.', 'web 已崩溃。'])
      assert.equal(withoutFullStop(text), text.slice(0, -1));
    assert.equal(withoutFullStop('run v1.2'), 'run v1.2');
  });
});

describe('a list', () => {
  it('has the comma of the language', () => {
    const japanese = { t: (_message: string, ...args: (string | number)[]) => args.join('、') };
    const names = ['web', 'api', 'docs'];
    assert.deepEqual(
      [[], ['web'], names].map((each) => joinList(each, english)),
      ['', 'web', 'web, api, docs'],
    );
    assert.equal(joinList(names, japanese), 'web、api、docs');
  });
});
