import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ServerOutput } from '../../../src/cli/headless/serverOutput.js';
import type { LogExcerpt } from '../../../src/core/logs/logStore.js';
import type { ServerDefinition } from '../../../src/core/server/definition.js';

describe('the output of a server in the terminal', () => {
  it('says how much is missing if the log has dropped it before it was read', async () => {
    const seen: unknown[] = [];
    const parts = [excerpt('one\n', 0), excerpt('nine\n', 30)];
    const logs = {
      tail: () => Promise.resolve(undefined),
      range: () => Promise.resolve(parts.shift()),
      watch: () => () => undefined,
    };
    const output = new ServerOutput(logs, {} as ServerDefinition, {
      onLines: (lines) => void seen.push(...lines),
      onLost: (bytes) => void seen.push(bytes),
    });
    await output.flush();
    await output.flush();
    assert.deepEqual(seen, ['one', 26, 'nine']);
  });
});

function excerpt(text: string, start: number): LogExcerpt {
  return { text, rest: '', start, end: start + text.length, truncated: false };
}
