import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { crashExcerpt } from '../../../../src/core/views/crashExcerpt.js';

describe('the lines of a crash', () => {
  it('are those that name the error, without stack traces and messages of package managers', () => {
    const tails = [
      [
        'node:events:497',
        '      throw er; // Unhandled error event',
        '      ^',
        'Error: connect ECONNREFUSED 127.0.0.1:5432',
        '    at TCPConnectWrap.afterConnect (node:net:1637:16)',
        'Node.js v22.1.0',
        'npm error Lifecycle script `dev` failed with error:',
        'npm error code 1',
      ],
      [
        'Traceback (most recent call last):',
        '  File "app.py", line 1',
        "ModuleNotFoundError: No module named 'flask'",
      ],
      [
        "Error: Cannot find module 'dep'",
        'Require stack:',
        '- /shop/server.js',
        '- C:\\shop\\server.js',
        '    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15) {',
        "  code: 'MODULE_NOT_FOUND',",
        "  requireStack: [ '/shop/server.js' ]",
        '}',
      ],
      ['one', 'two', 'three'],
      ['npm error code 1', ''],
      ['$ node server.js', 'listening', 'error Command failed with exit code 1.'],
      ['> shop@1.0.0 dev', '> vite', 'sh: 1: vite: not found', 'npm error code 127'],
      ['> shop@1.0.0 dev', ' > src/a.ts:1:2: error: Could not resolve "b"'],
      [`Error: ${'x'.repeat(300)}`],
      [],
    ];
    assert.deepEqual(tails.map(crashExcerpt), [
      'Error: connect ECONNREFUSED 127.0.0.1:5432',
      "ModuleNotFoundError: No module named 'flask'",
      "Error: Cannot find module 'dep'",
      'two three',
      '',
      'listening',
      'sh: 1: vite: not found',
      '> src/a.ts:1:2: error: Could not resolve "b"',
      `Error: ${'x'.repeat(192)}…`,
      '',
    ]);
  });
});
