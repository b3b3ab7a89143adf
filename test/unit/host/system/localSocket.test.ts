import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { listenLocally, localAddress, removeLocalSocket } from '../../../../src/host/system/localSocket.js';

/** Longest path of a socket on macOS, bytes. */
const limit = 103;

// Windows has named pipes in their place.
describe.skipIf(process.platform === 'win32')('a local socket', () => {
  const id = '3e0d25d4-29c7-4f01-8d3c-52d6c0a0e3b1';
  let folder: string;
  let before: string | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-test-'));
    before = process.env['TMPDIR'];
  });

  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true });
  });

  const deep = (length: number): string => {
    const path = join(folder, 'd'.repeat(length - Buffer.byteLength(folder) - 1));
    mkdirSync(path);
    return path;
  };

  it('is in the folder of its record where the path is short enough', async () => {
    assert.equal(await localAddress(folder, id), join(folder, '3e0d25d4.sock'));
  });

  it('listens where the paths of the record and of temporary files are too long', async () => {
    const records = deep(120);
    process.env['TMPDIR'] = records;
    const address = await localAddress(records, id);
    assert.ok(Buffer.byteLength(address) <= limit, address);
    assert.equal(statSync(dirname(address)).mode & 0o777, 0o700);
    const server = createServer();
    await listenLocally(server, address);
    await removeLocalSocket(address);
    assert.equal(existsSync(dirname(address)), false);
    server.close();
    await once(server, 'close');
  });
});
