import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, type TestContext } from 'vitest';
import { freePort, isFree } from '../../support/processes.js';
import { skipWithout } from '../../support/skip.js';
import { fixture, TestHost } from '../support/testHost.js';

describe.skipIf(process.platform === 'win32')('a process that has left the tree of its server', () => {
  let host: TestHost;
  let pidFile: string;
  beforeEach(() => {
    host = new TestHost();
    pidFile = join(tmpdir(), `dev-servers-escape-${process.pid}-${Date.now()}`);
  });
  afterEach(async () => {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    rmSync(pidFile);
    await host.end();
  });

  /** Starts a server that leaves another process at its port, by a double fork without its environment. */
  async function start(context: TestContext, seconds: number): Promise<{ run: string; port: number }> {
    skipWithout(context, 'perl');
    const port = await freePort();
    const args = [fixture('escape.pl'), String(port), String(seconds), pidFile];
    return { run: await host.start({ kind: 'argv', file: 'perl', args }, { port }), port };
  }

  it('is reported by its port when the server is stopped', async (context) => {
    const { run, port } = await start(context, 600);
    await host.watch(run).until('listening');
    const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 });
    assert.deepEqual(report, { forced: false, survivors: [], busyPorts: [port] });
  });

  it('is reported in the terminal when the server has exited on its own', async (context) => {
    const { run, port } = await start(context, 0);
    const terminal = host.watch(run);
    await host.event(run, 'ended');
    await terminal.until(`Port ${port} is still in use`);
    assert.equal(await isFree(port), false);
  });
});
