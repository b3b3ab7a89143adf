import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { readLedgers } from '../../../src/host/ledger/ledgerFile.js';
import { LedgerWriter } from '../../../src/host/ledger/ledgerWriter.js';
import { LogWriter } from '../../../src/host/logs/logWriter.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { requireOwnSocket } from '../../../src/host/system/localSocket.js';
import { makePrivateFolder, openFolderAbove } from '../../../src/host/system/privateFolder.js';
import { liveWindows } from '../../../src/mcp/bridge/windowRecords.js';

const otherUser = 65_534;
const windowId = '12345678-window';

const report = (error: unknown): never => assert.fail(String(error));

describe.skipIf(process.platform === 'win32')('a folder that other users can write', () => {
  let folder: string;
  let shared: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-'));
    shared = join(folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it('is closed to them when records of windows are written to it', async () => {
    await makePrivateFolder(shared);
    assert.equal(modeOf(shared), 0o700);
  });

  it('is closed to them when the ledger is written to it', async () => {
    const host = { pid: process.pid, startTime: '1', bootId: '' };
    const ledger = new LedgerWriter(shared, { windowId, host, window: undefined }, report);
    await ledger.created;
    assert.equal(modeOf(shared), 0o700);
    await ledger.close();
  });

  it('is closed to them when logs are written to it', async () => {
    const isAlive = (): Promise<boolean> => Promise.resolve(true);
    const onWritten = (): void => undefined;
    const writer = new LogWriter('web', {
      folder: shared,
      windowId,
      isAlive,
      onWritten,
      reportError: report,
    });
    writer.startRun('web', 1024 * 1024);
    await writer.flush();
    assert.equal(modeOf(shared), 0o700);
    await writer.close();
  });

  it('is not used if it belongs to another user', async () => {
    const getuid = vi.spyOn(process, 'getuid').mockReturnValue(otherUser);
    try {
      await assert.rejects(makePrivateFolder(shared), /belongs to another user/);
    } finally {
      getuid.mockRestore();
    }
  });

  it('is not searched for records of other users', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only root may give files away');
    const socket = join(folder, 's');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    const platform = currentPlatform();
    const dead = { pid: 2 ** 22, startTime: '1', bootId: await platform.bootId() };
    const alive = await platform.identify(process.pid);
    const record = { schema: 1, windowId, folders: ['/'], focusedAt: 0, socket, token: '' };
    const ledger = { schema: 1, windowId, host: dead, runs: [] };
    for (const [name, content] of Object.entries({
      'dead.json': { ...record, process: dead },
      'alive.json': { ...record, process: alive },
      'ledger.json': ledger,
    })) {
      writeFileSync(join(shared, name), JSON.stringify(content));
      chownSync(join(shared, name), otherUser, otherUser);
    }
    assert.deepEqual([await liveWindows(shared, platform), await readLedgers(shared)], [[], []]);
    assert.ok(existsSync(socket), 'a socket of this user was removed');
    server.close();
    await once(server, 'close');
  });

  it('above the folder of a socket is noticed, since they could exchange that folder', async () => {
    mkdirSync(join(shared, 'own'), { mode: 0o700 });
    const socket = join(shared, 'own', 's');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    assert.throws(() => requireOwnSocket(socket), /writable by all/);
    chmodSync(shared, 0o1777);
    assert.equal(openFolderAbove(socket), undefined);
    requireOwnSocket(socket);
    server.close();
    await once(server, 'close');
  });
});
