import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { shownIds } from '../../../src/cli/call/shownIds.js';
import { serverNamed } from '../../../src/cli/windows/serverNames.js';

describe('the ids of a list', () => {
  const pairs: Readonly<Record<string, readonly [ids: readonly string[], shown: readonly string[]]>> = {
    'are shown as they are': [
      ['shop:web', '店:web', 'сервер:web', '👩‍💻:web'],
      ['shop:web', '店:web', 'сервер:web', '👩‍💻:web'],
    ],
    'are one line without invisible characters': [
      ['web\n:a', 'we\u200bb', 'web'],
      [String.raw`web\u000a:a`, String.raw`we\u200bb`, 'web'],
    ],
    'differ where letters of another script look the same': [
      ['web:app', 'web:\u0430pp', 'web:\u03b1pp', '店:app'],
      ['web:app', String.raw`web:\u0430pp`, String.raw`web:\u03b1pp`, '店:app'],
    ],
    'differ where no letter is of ASCII': [
      ['caf\u00e9', 'cafe\u0301'],
      [String.raw`caf\u00e9`, String.raw`cafe\u0301`],
    ],
    'differ where a space is of another kind or at the end': [
      ['a b', 'a\u00a0b', 'web', 'web '],
      [String.raw`a\u0020b`, String.raw`a\u00a0b`, 'web', String.raw`web\u0020`],
    ],
    'differ where an emoji is joined otherwise': [
      ['⚡', '⚡\ufe0f'],
      [String.raw`\u26a1`, String.raw`\u26a1\ufe0f`],
    ],
  };
  for (const [name, [ids, shown]] of Object.entries(pairs))
    it(name, () => {
      assert.deepEqual(shownIds(ids), shown);
    });

  it('are accepted as names in the form in which they are shown', () => {
    const servers = ['web:app', 'web:\u0430pp'].map((id) => ({ id, name: 'app', folder: '/web' }));
    assert.equal(serverNamed(String.raw`web:\u0430pp`, servers, '/'), 'web:\u0430pp');
    assert.throws(
      () => serverNamed(undefined, servers, '/'),
      /one of these servers:\n  web:app\n  web:\\u0430pp$/u,
    );
  });
});

it('a script of the current folder is meant before the same one of the workspace folder', () => {
  const servers = [
    { id: 'shop:dev', name: 'shop', folder: '/shop' },
    { id: 'shop:mise:dev', name: 'mise', folder: '/shop' },
    { id: 'shop/apps/api:dev', name: 'api', folder: '/shop/apps/api' },
  ];
  assert.deepEqual(
    ['/shop', '/shop/apps/api', '/shop/docs'].map((cwd) => serverNamed('dev', servers, cwd)),
    ['shop:dev', 'shop/apps/api:dev', 'shop:dev'],
  );
});
