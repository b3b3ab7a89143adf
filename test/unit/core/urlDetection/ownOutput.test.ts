import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { OwnOutput } from '../../../../src/core/urlDetection/ownOutput.js';

const has = (...chunks: string[]): boolean => {
  const output = new OwnOutput();
  for (const chunk of chunks) output.push(chunk);
  return output.isFound;
};

describe('the own output of a server', () => {
  it('is no line of a package manager or of the runtime', () => {
    for (const text of [
      '\r\n> app@1.0.0 dev\r\n> node server.js\r\n\r\n',
      'yarn run v1.22.22\r\n$ node server.js\r\n',
      '\u001b[0m\u001b[2m\u001b[35m$\u001b[0m \u001b[2m\u001b[1mnode server.js\u001b[0m\r\n',
      'apps/web dev$ node server.js\r\n',
      'Scope: 2 of 3 workspace projects\r\n',
      '\u001b[32mTask\u001b[0m \u001b[36mdev\u001b[0m node server.js\r\n',
      '\u001b[1G\u001b[0K⠹\r\n',
      '(node:812) ExperimentalWarning: Watch mode is an experimental feature\r\n',
      '(Use `node --trace-warnings ...` to show where the warning was created)\r\n',
      'Starting, without the end of the line',
    ])
      assert.equal(has(text), false, text);
  });

  it('is any other line, cut anywhere', () => {
    assert.ok(has('\r\n> app@1.0.0 dev\r\n> wrangler dev\r\n\r\n', '\r\n ⛅️ wrangler 4.86.0\r\n'));
    assert.ok(has('connected to', ' the database\r\n'));
    assert.equal(has('> app@1', '.0.0 dev\r\n'), false);
  });
});
