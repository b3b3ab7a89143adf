import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { LedgerWriter } from '../../../src/host/ledger/ledgerWriter.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';

it('a record is not written again after its end, whatever a window still says', async () => {
  const host = (await currentPlatform().identify(process.pid)) ?? assert.fail();
  const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
  const ledger = new LedgerWriter(folder, { windowId: 'w', host }, (error) => assert.fail(String(error)));
  await ledger.created;
  const closed = ledger.close();
  ledger.setWindow({ workspace: ['file:///shop'] });
  await closed;
  ledger.setWindow({ workspace: [] });
  await ledger.written;
  assert.deepEqual(readdirSync(folder), []);
  rmSync(folder, { recursive: true });
});
