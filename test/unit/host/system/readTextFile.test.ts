import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { readTextFile } from '../../../../src/host/system/readTextFile.js';

describe.skipIf(process.platform === 'win32')('a text file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-text-'));
    writeFileSync(join(folder, 'text'), 'äx');
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'sparse'), '');
    truncateSync(join(folder, 'sparse'), 10_000_000_000);
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    symlinkSync('loop', join(folder, 'loop'));
    symlinkSync('fifo', join(folder, 'link'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const kindOf = async (path: string, maxBytes = 1000): Promise<string> =>
    readTextFile(join(folder, path), maxBytes).then(
      ({ kind }) => kind,
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
    );

  it('is read up to its last byte', async () => {
    assert.deepEqual(await readTextFile(join(folder, 'text'), 3), { kind: 'text', text: 'äx' });
    assert.deepEqual(await readTextFile(join(folder, 'empty'), 0), { kind: 'text', text: '' });
    assert.equal(await kindOf('text', 2), 'tooLarge');
    assert.equal(await kindOf('sparse'), 'tooLarge');
  });

  it('is neither a folder, a FIFO, a device nor a missing file', async () => {
    const paths = ['folder', 'fifo', 'link', '/dev/zero', '/dev/null', 'gone', 'text/under', ''];
    assert.deepEqual(
      await Promise.all(
        paths.map((path) => kindOf(path.startsWith('/') ? join('../'.repeat(9), path) : path)),
      ),
      ['notFile', 'notFile', 'notFile', 'notFile', 'notFile', 'absent', 'absent', 'notFile'],
    );
    assert.equal(await kindOf('loop'), 'ELOOP');
    assert.equal(await kindOf('a'.repeat(300)), 'ENAMETOOLONG');
  });

  it.skipIf(process.getuid?.() === 0)('cannot be read without the right to', async () => {
    chmodSync(join(folder, 'empty'), 0);
    assert.equal(await kindOf('empty'), 'EACCES');
  });

  it.skipIf(process.platform !== 'linux')(
    'of /proc is bounded by what is read, as it has no size',
    async () => {
      const read = async (path: string): Promise<string> =>
        readTextFile(path, 1024).then(
          ({ kind }) => kind,
          () => 'error',
        );
      assert.equal(await read('/proc/self/pagemap'), 'tooLarge');
      assert.equal(await read('/proc/version'), 'text');
      // Waits for messages of the kernel, for a reader that may wait.
      assert.match(await read('/proc/kmsg'), /^(?:error|tooLarge)$/);
    },
  );
});
