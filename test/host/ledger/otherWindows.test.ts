import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import type { ServerDefinition } from '../../../src/core/server/definition.js';
import { HostClient } from '../../../src/host/client/hostClient.js';
import { readLedgers } from '../../../src/host/ledger/ledgerFile.js';
import { LedgerWriter } from '../../../src/host/ledger/ledgerWriter.js';
import { freePort, pidsWith, until } from '../../support/processes.js';
import { fixture, hostPath, TestHost, serverFolder } from '../support/testHost.js';
import { readyRule } from '../../../src/core/readiness/readyRule.js';

const log = { info: () => undefined, error: () => undefined };
/** Identity of the server that `TestHost` starts. */
const server: ServerDefinition = {
  id: 'test',
  name: 'test',
  folder: 'shop',
  subfolder: '',
  command: { kind: 'shell', line: 'x' },
  cwd: serverFolder,
  env: {},
  port: undefined,
  source: 'settings',
};

describe('a server that another window runs', () => {
  it('is found by its id and folder, with its address, until it ends', async () => {
    const other = new TestHost();
    const window = new HostClient({ hostPath, ledgerFolder: other.ledgerFolder, log });
    assert.equal(await window.find(server), undefined);

    const port = await freePort();
    const run = await other.shell(
      `${process.execPath} -e 'require("http").createServer((q, s) => s.end()).listen(${port})'`,
      {
        port,
      },
    );
    await other.event(run, 'ready');
    const isKnown = async () => (await window.find(server))?.url === `http://localhost:${port}/`;
    await until('the record', isKnown);
    assert.deepEqual(
      [
        await window.find({ ...server, id: 'x' }),
        await window.find({ ...server, cwd: '/' }),
        await other.client.find(server),
      ],
      [undefined, undefined, undefined],
    );

    await other.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 2000 });
    await until('the end of the record', async () => (await window.find(server)) === undefined);
    await other.end();
  });

  it("is found regardless of its folder's name there, and not by a folder of the same name", async () => {
    const other = new TestHost();
    await other.shell('sleep 1000', { serverId: 'shop (2)/web:dev', folder: 'shop (2)' });
    const window = new HostClient({ hostPath, ledgerFolder: other.ledgerFolder, log });
    const here = { ...server, id: 'shop/web:dev' };
    await until('the record', async () => (await window.find(here)) !== undefined);
    assert.deepEqual(
      [
        await window.find({ ...here, id: 'shop/api:dev' }),
        await window.find({ ...here, id: 'shop (2)/web:dev', folder: 'shop (2)', cwd: '/elsewhere' }),
      ],
      [undefined, undefined],
    );
    await window.takeOver(here);
    await until('the end of the record', async () => (await window.find(here)) === undefined);
    await window.dispose();
    await other.end();
  });

  it('is left alone when this window ends', async () => {
    const other = new TestHost();
    const run = await other.shell('sleep 1000');
    const window = new HostClient({ hostPath, ledgerFolder: other.ledgerFolder, log });
    await window.start({
      runId: window.newRunId(),
      serverId: 'x',
      command: { kind: 'shell', line: 'sleep 1000' },
      cwd: '/',
      env: {},
      port: undefined,
      ready: readyRule(undefined, undefined),
    });
    await window.dispose();
    assert.deepEqual(await window.endOrphans(), { ended: [], survivors: [] });
    assert.equal(
      (await other.client.find(server)) === undefined && other.events.some(({ kind }) => kind === 'ended'),
      false,
    );
    await other.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 2000 });
    await other.end();
  });

  it('can be taken over: it is stopped, and its window reports a stop, not a crash', async () => {
    const other = new TestHost();
    const window = new HostClient({ hostPath, ledgerFolder: other.ledgerFolder, log });
    const run = await other.node(fixture('tree.mjs'), 'has a daemon');
    await other.watch(run).until('ready');
    await until('the record', async () => (await window.find(server)) !== undefined);
    await window.takeOver(server);
    assert.deepEqual(pidsWith(run), []);
    assert.equal((await other.event(run, 'ended')).interrupted, true);
    await window.takeOver(server);
    await window.dispose();
    await other.end();
  });

  it('can be taken over whatever addresses the record of its window contains', async () => {
    const other = new TestHost();
    const window = new HostClient({ hostPath, ledgerFolder: other.ledgerFolder, log });
    const runs = [
      await other.shell('sleep 1000'),
      await other.shell('sleep 1000', { serverId: 'second', cwd: '/' }),
    ];
    const records = async () =>
      (await readLedgers(other.ledgerFolder)).flatMap((file) => (file.kind === 'ledger' ? [file] : []));
    await until('the records', async () => (await records())[0]?.ledger.runs.length === runs.length);
    for (const { path, ledger } of await records()) {
      const damaged = ledger.runs.map((run) => ({ ...run, url: 'http://[broken' }));
      writeFileSync(path, JSON.stringify({ ...ledger, runs: damaged }));
    }
    assert.equal((await window.find(server))?.url, 'http://[broken');
    await window.takeOver(server);
    assert.deepEqual(
      runs.map((run) => pidsWith(run).length > 0),
      [false, true],
    );
    await window.dispose();
    await other.end();
  });

  it('is never lost from the record when windows write at the same time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
    const identity = { pid: 4711, startTime: '1', bootId: 'b' };
    const complaints: unknown[] = [];
    const writers = ['window-aa', 'window-bb', 'window-cc'].map(
      (windowId) => new LedgerWriter(folder, { windowId, host: identity }, (error) => complaints.push(error)),
    );
    const writing = new AbortController();
    const readAll = async (): Promise<void> => {
      while (!writing.signal.aborted) {
        for (const file of await readLedgers(folder)) if (file.kind !== 'ledger') complaints.push(file);
      }
    };
    const reading = readAll();
    for (let count = 0; count < 100; count += 1) {
      for (const [index, writer] of writers.entries()) {
        const runId = `run-${index}-${count}`;
        writer.set({ runId, serverId: 'x', cwd: '/', process: identity, url: undefined });
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(writers.map(({ written }) => written));
    writing.abort();
    await reading;
    const counts = (await readLedgers(folder)).map(
      (file) => file.kind === 'ledger' && file.ledger.runs.length,
    );
    assert.deepEqual([counts, complaints], [[100, 100, 100], []]);
    rmSync(folder, { recursive: true });
  });
});
