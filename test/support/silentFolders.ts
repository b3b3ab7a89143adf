import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { TestContext } from 'vitest';
import { skipWithout } from './skip.js';

const script = resolve('test/fixtures/processes/silentFolders.py');

/** Returns the command that runs another one in which nothing answers in these folders. Skips where the system forbids it. */
export function withSilent(
  context: TestContext,
  folders: readonly string[],
  command: readonly string[],
): readonly [string, ...string[]] {
  skipWithout(context, 'unshare', 'python3');
  const begin = ['unshare', '--mount', '--map-root-user', 'python3', script, ...folders, '--'] as const;
  if (spawnSync(begin[0], [...begin.slice(1), 'true']).status !== 0)
    context.skip('The system does not let this user mount FUSE file systems.');
  return [...begin, ...command];
}
