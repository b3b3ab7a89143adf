import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import type { HostMessage } from '../../../src/host/ipc/protocol.js';
import { LedgerWriter } from '../../../src/host/ledger/ledgerWriter.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { KeptDaemons } from '../../../src/host/process/keptDaemons.js';
import { systemTables } from '../../../src/host/sockets/socketQueries.js';
import { AdoptedRun } from '../../../src/host/process/adoptedRun.js';
import { until } from '../../support/processes.js';

const system = currentPlatform();

it('what survives the stop of an adopted server is watched, and its end completes the stop', async () => {
  const child = spawn('/bin/sleep', ['1000'], { stdio: 'ignore', detached: true });
  const [process_, host] = await Promise.all([system.identify(child.pid ?? 0), system.identify(process.pid)]);
  assert.ok(process_ && host);
  const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
  const ledger = new LedgerWriter(folder, { windowId: 'w', host }, (error) => assert.fail(String(error)));
  const sent: HostMessage[] = [];
  const orphan = {
    runId: 'w-1',
    serverId: 'web',
    cwd: '/',
    process: process_,
    url: undefined,
    hostPid: process.pid,
  };
  // Simulates a process that waits for a device, which no signal ends.
  const platform = {
    ...system,
    signal: () => Promise.resolve(),
    signalUncollected: () => Promise.resolve(true),
  };
  const tables = systemTables(platform);
  const run = new AdoptedRun(orphan, {
    platform,
    table: tables.table,
    daemons: new KeptDaemons({ platform, ...tables }, () => []),
    ledger,
    send: (message) => sent.push(message),
  });
  const { survivors } = await run.stop({ signal: 'SIGTERM', graceMs: 50 });
  assert.deepEqual([survivors.map(({ pid }) => pid), sent], [[child.pid], []]);
  child.kill('SIGKILL');
  await until('the end', () => run.hasEnded);
  assert.deepEqual(
    sent.map((message) => message.kind === 'event' && message.event.kind),
    ['ended'],
  );
  await ledger.close();
  rmSync(folder, { recursive: true });
});
