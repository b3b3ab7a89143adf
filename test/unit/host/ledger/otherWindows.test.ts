import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { ledgerPath, writeLedger } from '../../../../src/host/ledger/ledgerFile.js';
import { findInOtherWindow } from '../../../../src/host/ledger/otherWindows.js';
import type { Platform } from '../../../../src/host/platform/platform.js';

it('a server on record elsewhere can start here though the tool that lists processes is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
  const [host, process] = [10, 11].map((pid) => ({ pid, startTime: '1', bootId: 'boot' })) as [never, never];
  const runs = [{ runId: 'other-window-1', serverId: 'shop:dev', folder: 'shop', cwd: '/shop', process }];
  await writeLedger(ledgerPath(folder, 'other-window'), { windowId: 'other-window', host, runs });
  const server = { id: 'shop:dev', folder: 'shop', cwd: '/shop' };
  const find = (identify: Platform['identify']) =>
    findInOtherWindow(server, 'own-window', { folder, platform: { identify } as Platform });
  assert.deepEqual(await find(() => Promise.resolve(process)), { pid: 11, url: undefined });
  assert.equal(await find(() => Promise.reject(new Error('no PowerShell'))), undefined);
  rmSync(folder, { recursive: true });
});
