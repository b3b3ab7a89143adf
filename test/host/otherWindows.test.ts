import assert from 'node:assert/strict';
import type { ServerDefinition } from '../../src/core/server.js';
import { HostClient } from '../../src/host/client.js';
import { freePort, until } from '../support/processes.js';
import { hostPath, TestHost } from './support/testHost.js';

const log = { info: () => undefined, error: () => undefined };
/** As `TestHost` starts it. */
const server: ServerDefinition = {
  id: 'test',
  name: 'test',
  folder: 'shop',
  group: '',
  command: { kind: 'shell', line: 'x' },
  cwd: process.cwd(),
  env: {},
  port: undefined,
  source: 'settings',
};

describe('a server that another window runs', () => {
  it('is known there by its id and folder, with its address, and until it ends', async () => {
    const other = new TestHost();
    const window = new HostClient({ hostPath, ledgerFolder: other.ledgerFolder, log });
    assert.equal(await window.find(server), undefined);

    const port = await freePort();
    const run = await other.shell(`${process.execPath} -e 'require("http").createServer().listen(${port})'`, {
      port,
    });
    await other.event(run, 'listening');
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
});
