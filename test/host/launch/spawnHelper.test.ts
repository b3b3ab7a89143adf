import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { makeHelperExecutable } from '../../../src/host/launch/spawnHelper.js';

describe('the helper of node-pty on macOS', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-helper-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made executable if an unpacker lost that permission, and is otherwise unchanged', (context) => {
    if (process.platform === 'win32') return context.skip('Windows keeps no executable bits');
    const modes = [0o644, 0o555].map((mode) => {
      const helper = join(folder, String(mode));
      writeFileSync(helper, '');
      chmodSync(helper, mode);
      makeHelperExecutable(helper);
      return statSync(helper).mode & 0o777;
    });
    assert.deepEqual(modes, [0o755, 0o555]);
  });

  it('is not changed without permission, and named if it cannot be used', (context) => {
    if (process.platform !== 'linux')
      return context.skip('the files that nobody can change are those of Linux');
    // The mode of these files can be changed by no user.
    makeHelperExecutable('/proc/self/exe');
    assert.throws(() => makeHelperExecutable('/proc/self/status'), {
      reason: 'spawnFailed',
      message: /^Not executable, and its permissions could not be changed: EPERM.*\(\/proc\/self\/status\)/,
    });
  });

  it('may be missing', () => makeHelperExecutable(join(folder, 'none')));
});
