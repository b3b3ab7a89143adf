import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { makeFolders } from '../../../../src/host/system/privateFolder.js';

describe('a folder with its parents', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-folders-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is created with a mode, also by several callers at once', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 10 }, () => makeFolders(path, 0o700)));
    const modes = ['a', 'a/b', 'a/b/c'].map((each) => statSync(join(folder, each)).mode & 0o777);
    if (process.platform !== 'win32') assert.deepEqual(modes, [0o700, 0o700, 0o700]);
    await makeFolders(path);
    await makeFolders('/');
  });

  it('is refused, and the call ends, where no folder can be', async () => {
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(makeFolders(join(folder, 'file')), { code: 'EEXIST' });
    await assert.rejects(makeFolders(join(folder, 'file', 'a', 'b')));
    // On Windows, users need a privilege to create such a link.
    if (process.platform === 'win32') return;
    symlinkSync(join(folder, 'unmounted'), join(folder, 'link'));
    await assert.rejects(makeFolders(join(folder, 'link', 'a')));
    if (process.platform === 'linux') await assert.rejects(makeFolders('/proc/self/a/b'), { code: 'ENOENT' });
  });
});
