import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { HeldHost } from '../../src/host/ledger/heldHosts.js';
import { terminateOrphans } from '../../src/host/ledger/orphans.js';
import { queries, windows } from '../../src/host/platform/windows.js';
import { buildWindow } from '../host/support/windowScript.js';
import { builtFile } from '../support/builtFile.js';
import { freePort, isAlive, isListening, until } from '../support/processes.js';
import { RecordedHost } from '../support/recordedHost.js';
import { nodeProgram } from '../support/serverProgram.js';
import { leftOfHost } from '../support/windowsFamily.js';
import { fixture, nodeCommand } from './support/windowsHost.js';

const workspace = ['file:///shop'];

describe('servers without a window on Windows', () => {
  let folder: string;
  let ledgerFolder: string;
  let logFolder: string;
  const hosts: RecordedHost[] = [];
  const children: ChildProcess[] = [];
  /** Pids of all process hosts of a test. */
  const pids = new Set<number>();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-hold-'));
    [ledgerFolder, logFolder] = [join(folder, 'ledger'), join(folder, 'logs')];
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill();
    // The latest window has what the earlier ones have left.
    for (const host of hosts.splice(0).toReversed()) await host.client.dispose();
    const log = { info: () => undefined, error: () => undefined };
    await until('the end of what is left', async () => {
      await terminateOrphans({ folder: ledgerFolder, platform: windows, log });
      return readdirSync(ledgerFolder).length === 0;
    });
    for (const pid of pids) assert.deepEqual(await leftOfHost(pid), [], 'processes were left behind');
    pids.clear();
    queries.end();
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  function openWindow(holdMs = 60_000): RecordedHost {
    const hold = () => ({ holdMs, workspace });
    const host = new RecordedHost({ hostPath: builtFile('host.js'), ledgerFolder, logFolder, hold });
    hosts.push(host);
    return host;
  }

  /** Waits for the process host that holds servers for the next window. */
  async function heldHost(window: RecordedHost): Promise<HeldHost> {
    let found: HeldHost | undefined;
    await until('a process host that holds servers', async () => {
      [found] = (await window.client.hold.find(workspace)).held;
      return found !== undefined;
    });
    const held = found ?? assert.fail();
    pids.add(held.host.pid);
    return held;
  }

  /** Starts a window with a server in a process of its own, which can be killed. Resolves when the server is ready. */
  async function startVictim(port: number, holdMs = 60_000): Promise<ChildProcess> {
    const script = await buildWindow('../../windows/support/heldWindow.ts', folder);
    const command = nodeProgram(fixture('server.mjs'), String(port), 'echo');
    const words = command.kind === 'argv' ? [command.file, ...command.args] : [];
    const args = [script, builtFile('host.js'), ledgerFolder, logFolder, String(holdMs), ...words];
    const window = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(window);
    const [line] = (await once(window.stdout, 'data')) as [Buffer];
    const [, pid] = /ready (\d+)/.exec(String(line)) ?? [];
    pids.add(Number(pid ?? assert.fail(String(line))));
    return window;
  }

  async function kill(window: ChildProcess): Promise<void> {
    const end = once(window, 'exit');
    window.kill('SIGKILL');
    await end;
  }

  it('are taken over by the next one through a named pipe, with their output, and are used as before', async () => {
    const port = await freePort();
    const window = openWindow();
    const run = await window.start(nodeCommand('server.mjs', String(port), 'echo'), { port });
    const { process: root } = await window.event(run, 'spawned');
    const output = window.watch(run);
    await output.until('Listening');
    window.client.hold.save('web', 'what the window knows', false);
    assert.ok(Number(await window.client.hold.release()) > Date.now());

    const next = openWindow();
    const held = await heldHost(next);
    assert.match(held.link.address, /^\\\\\.\\pipe\\dev-servers-/);
    const { runs, saved } = await next.client.hold.takeOver(held);
    next.client.hold.resume();
    assert.deepEqual(saved, [{ key: 'web', value: 'what the window knows' }]);
    assert.deepEqual(
      runs.map(({ runId, events }) => [runId, events.find(({ kind }) => kind === 'spawned')]),
      [[run, { kind: 'spawned', runId: run, process: root }]],
    );
    const after = next.watch(run);
    await after.until('Listening');
    next.client.input(run, 'abc\r');
    await after.until('input "abc');
    assert.deepEqual((await next.client.hold.find(workspace)).held, []);
    // Again, while the pipe of this window is still open.
    assert.ok(Number(await next.client.hold.release()) > Date.now());
    const last = openWindow();
    await last.client.hold.takeOver(await heldHost(last));
    last.client.hold.resume();
    const report = await last.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 10_000 });
    assert.deepEqual([report.survivors, isAlive(root.pid), await isListening(port)], [[], false, false]);
  });

  it('keep running when the extension host is killed, and are taken over with the saved state', async () => {
    const port = await freePort();
    await kill(await startVictim(port));
    const next = openWindow();
    const { runs, saved } = await next.client.hold.takeOver(await heldHost(next));
    next.client.hold.resume();
    assert.deepEqual(saved, [{ key: 'web', value: 'what the window knows' }]);
    assert.equal(await isListening(port), true);
    const [run] = runs;
    const stop = { runId: run?.runId ?? '', signal: 'SIGTERM', graceMs: 10_000 } as const;
    assert.deepEqual((await next.client.stop(stop)).survivors, []);
    assert.equal(await isListening(port), false);
  });

  it('end when no window comes in time', async () => {
    const port = await freePort();
    await kill(await startVictim(port, 300));
    await until('the end of everything', async () => readdirSync(ledgerFolder).length === 0);
    assert.equal(await isListening(port), false);
  });

  it('are ended by the next window when their process host is killed too', async () => {
    const port = await freePort();
    await kill(await startVictim(port));
    const next = openWindow();
    const { host } = await heldHost(next);
    process.kill(host.pid, 'SIGKILL');
    await until('the end of the process host', () => !isAlive(host.pid));
    await next.client.endOrphans();
    assert.equal(await isListening(port), false);
  });

  it('are taken over by one of two windows, and by none without the token or with anything else', async () => {
    const port = await freePort();
    const window = openWindow();
    const run = await window.start(nodeCommand('server.mjs', String(port)), { port });
    await window.event(run, 'ready');
    await window.client.hold.release();
    const next = [openWindow(), openWindow()] as const;
    const host = await heldHost(next[0]);
    const { link } = host;
    const wrong = { ...host, link: { ...link, token: 'x'.repeat(link.token.length) } };
    await assert.rejects(openWindow().client.hold.takeOver(wrong));
    for (const bytes of [Buffer.alloc(4, 0xff), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const socket = connect(link.address);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined).end(bytes);
      await closed;
    }
    const results = await Promise.allSettled(next.map(({ client }) => client.hold.takeOver(host)));
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal(await isListening(port), true);
  });
});
