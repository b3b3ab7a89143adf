import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { RunId } from '../../../src/core/server/state.js';
import { connectTo, freePort, isAlive, pidsWith, until } from '../../support/processes.js';
import { skipWithLsofOfLinux, skipWithout } from '../../support/skip.js';
import { HostClient } from '../../../src/host/client/hostClient.js';
import { fixture, hostPath, serverFolder, TestHost } from '../support/testHost.js';

const log = { info: () => undefined, error: () => undefined };
const clean = { forced: false, survivors: [], busyPorts: [] };

for (const kind of ['a TCP port', 'a Unix socket']) {
  describe(`a daemon at ${kind}`, () => {
    let host: TestHost;
    let address: string;
    let pidFile: string;
    beforeEach(async () => {
      host = new TestHost();
      pidFile = join(host.logFolder, 'daemon.pid');
      address = kind === 'a TCP port' ? String(await freePort()) : join(host.logFolder, 'daemon.sock');
    });
    afterEach(() => host.end());

    async function startUser(serverId: string): Promise<RunId> {
      const args = [fixture('daemonClient.mjs'), address, pidFile];
      const run = await host.start({ kind: 'argv', file: process.execPath, args }, { serverId });
      await host.watch(run).until('uses the daemon');
      return run;
    }

    const daemon = (): number => Number(readFileSync(pidFile, 'utf8'));
    const stop = (runId: RunId) => host.client.stop({ runId, signal: 'SIGTERM', graceMs: 200_000 });
    const connectFromOutside = (): Promise<Socket> =>
      connectTo(kind === 'a TCP port' ? { port: Number(address) } : { path: address });
    const leftOnPurpose = async (): Promise<string[]> =>
      (await host.client.describeLedger()).filter((line) => line.startsWith('left running on purpose'));

    it('keeps running as long as another server uses it, and ends with the last one', async (context) => {
      if (kind === 'a Unix socket') skipWithLsofOfLinux(context);
      const first = await startUser('first');
      const second = await startUser('second');
      const output = host.watch(second);
      assert.deepEqual(await stop(first), clean);
      assert.equal(isAlive(daemon()), true);
      // Without `ss`, Linux does not report the users of a Unix socket.
      const isNamed = kind === 'a TCP port' || process.platform !== 'linux' || existsSync('/usr/bin/ss');
      const user = isNamed ? 'second' : address;
      await until('the daemon in the diagnostics', async () =>
        (await leftOnPurpose()).join().endsWith(`pid ${daemon()}, started by first, used by ${user}`),
      );
      assert.deepEqual([await stop(second), isAlive(daemon())], [clean, false]);
      assert.doesNotMatch(output.text(), /daemon lost/);
    });

    it('lives on while a process outside of its server uses it and another server runs', async (context) => {
      if (kind === 'a Unix socket') skipWithLsofOfLinux(context);
      const first = await startUser('first');
      const other = await host.node(fixture('tree.mjs'), 'plain');
      await host.watch(other).until('ready');
      const socket = await connectFromOutside();
      assert.deepEqual([await stop(first), isAlive(daemon())], [clean, true]);
      assert.deepEqual([await stop(other), isAlive(daemon())], [clean, false]);
      socket.destroy();
    });

    it('lives on for another server when a window takes over the one that started it', async (context) => {
      if (kind === 'a Unix socket') skipWithLsofOfLinux(context);
      const first = await startUser('first');
      const second = await startUser('second');
      const output = host.watch(second);
      const window = new HostClient({ hostPath, ledgerFolder: host.ledgerFolder, log });
      const server = { id: 'first', cwd: serverFolder };
      await until('the record', async () => (await window.find(server)) !== undefined);
      await window.takeOver(server);
      await host.event(first, 'ended');
      assert.deepEqual([pidsWith(first), isAlive(daemon())], [[daemon()], true]);
      await window.dispose();
      assert.deepEqual([await stop(second), isAlive(daemon())], [clean, false]);
      assert.doesNotMatch(output.text(), /daemon lost/);
    });

    it('ends with its server when nothing else is connected', async () => {
      const first = await startUser('first');
      const other = await host.node(fixture('tree.mjs'), 'plain');
      await host.watch(other).until('ready');
      assert.deepEqual([await stop(first), isAlive(daemon())], [clean, false]);
    });

    it('ends with its server when no other server runs', async () => {
      const first = await startUser('first');
      const socket = await connectFromOutside();
      assert.deepEqual([await stop(first), isAlive(daemon())], [clean, false]);
      socket.destroy();
    });

    it('ends when both of its servers are stopped at once', async () => {
      const runs = [await startUser('first'), await startUser('second')];
      assert.deepEqual(await Promise.all(runs.map(stop)), [clean, clean]);
      assert.equal(isAlive(daemon()), false);
    });

    it('ends with the window', async () => {
      const first = await startUser('first');
      await startUser('second');
      await stop(first);
      const pid = daemon();
      await host.client.dispose();
      assert.equal(isAlive(pid), false);
    });

    it('ends when its process host is killed', async () => {
      const first = await startUser('first');
      await startUser('second');
      await stop(first);
      const pid = daemon();
      process.kill(host.client.pid ?? 0, 'SIGKILL');
      await until('the loss of the process host', () =>
        host.events.some(({ kind: each }) => each === 'hostLost'),
      );
      assert.equal(isAlive(pid), false);
    });

    it('ends when the last server ends by itself', async () => {
      const first = await startUser('first');
      const second = await startUser('second');
      await stop(first);
      const pid = daemon();
      host.client.input(second, '\u0003');
      await host.event(second, 'ended');
      assert.equal(isAlive(pid), false);
      assert.equal(existsSync(pidFile), true);
    });
  });
}

/** Opens the display of the servers, and returns a program in JavaScript that keeps a window on it. */
async function openDisplay() {
  process.env['DISPLAY'] = `:${process.pid}`;
  // An abstract socket leaves no file.
  const path = `/tmp/.X11-unix/X${process.pid}`;
  const display = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => display.listen(`\0${path}`, resolve));
  const connected = new Promise<Socket>((resolve) => display.once('connection', resolve));
  const browser = `require('net').connect('\\0${path}').resume().on('end', process.exit)`;
  return { path, display, connected, browser };
}

describe('a browser that a server has opened', () => {
  let displayBefore: string | undefined;
  beforeEach(() => {
    displayBefore = process.env['DISPLAY'];
  });
  afterEach(() => {
    if (displayBefore === undefined) delete process.env['DISPLAY'];
    else process.env['DISPLAY'] = displayBefore;
  });

  it('lives on with its windows, also when the last server stops and the window closes', async (context) => {
    if (process.platform !== 'linux') return context.skip('elsewhere the system opens the browser');
    skipWithLsofOfLinux(context);
    skipWithout(context, 'ss');
    const host = new TestHost();
    const { path, display, connected, browser } = await openDisplay();
    // Like the package `open`.
    const open = `
      const options = { detached: true, stdio: 'ignore' };
      const start = (code) => {
        const child = require('child_process').spawn(process.execPath, ['-e', code], options);
        child.unref();
        return child.pid;
      };
      const browser = start(${JSON.stringify(browser)});
      const other = start('setInterval(() => undefined, 1000)');
      console.log('opened ' + browser + ' and ' + other + '.');
      setInterval(() => undefined, 1000);
    `;
    const first = await host.start({ kind: 'argv', file: process.execPath, args: ['-e', open] });
    const output = host.watch(first);
    await output.until('.');
    const window = await connected;
    const [, pid = 0, unseen = 0] = (/opened (\d+) and (\d+)/.exec(output.text()) ?? []).map(Number);
    const other = await host.node(fixture('tree.mjs'), 'plain');
    await host.watch(other).until('ready');
    const stop = (runId: RunId) => host.client.stop({ runId, signal: 'SIGTERM', graceMs: 200_000 });
    assert.deepEqual([await stop(first), isAlive(pid), isAlive(unseen)], [clean, true, false]);
    await until('the browser in the diagnostics', async () =>
      (await host.client.describeLedger()).some((line) => line.includes(`used by @${path}`)),
    );
    assert.deepEqual([await stop(other), isAlive(pid)], [clean, true]);
    await host.client.dispose();
    assert.equal(isAlive(pid), true);
    window.end();
    await until('the end of the browser', () => !isAlive(pid));
    display.close();
    await host.end();
  });

  it('lives on when its server was the only one', async (context) => {
    if (process.platform !== 'linux') return context.skip('elsewhere the system opens the browser');
    skipWithLsofOfLinux(context);
    skipWithout(context, 'ss');
    const host = new TestHost();
    const { display, connected, browser } = await openDisplay();
    const run = await host.shell(`setsid node -e "${browser}" < /dev/null > /dev/null 2>&1 & sleep 1000`);
    const window = await connected;
    const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 200_000 });
    const [pid = 0, ...more] = pidsWith(run);
    assert.deepEqual([report, isAlive(pid), more], [clean, true, []]);
    window.end();
    await until('the end of the browser', () => !isAlive(pid));
    display.close();
    await host.end();
  });
});

describe('a server that has left its terminal', () => {
  it('is not a daemon: it ends with a stop, even if others are connected', async (context) => {
    skipWithout(context, 'setsid');
    const host = new TestHost();
    const other = await host.node(fixture('tree.mjs'), 'plain');
    await host.watch(other).until('ready');
    const run = await host.shell(`setsid node '${fixture('slowEnd.mjs')}' & wait`);
    const { endpoint } = await host.event(run, 'ready');
    const socket = await connectTo({ port: Number(new URL(endpoint?.url ?? '').port), host: '127.0.0.1' });
    const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 200_000 });
    assert.deepEqual([report, pidsWith(run)], [clean, []]);
    socket.destroy();
    await host.end();
  });
});
