import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { PortHolder, PortUse } from '../../../src/core/tcpPorts/portUse.js';
import { killPortOwner } from '../../../src/host/sockets/killPortOwner.js';
import { HostClient } from '../../../src/host/client/hostClient.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { inspectPort } from '../../../src/host/sockets/portHolders.js';
import { systemTables } from '../../../src/host/sockets/socketQueries.js';
import { connectTo, freePort, isAlive, isFree, isListening, until } from '../../support/processes.js';
import { fixture, hostPath, TestHost, serverFolder } from '../support/testHost.js';

const system = currentPlatform();

const log = { info: () => undefined, error: () => undefined };

/** Listens and prints a line; arguments: port, address, and its reaction to SIGTERM. */
const listener = `
  const [port, host, onEnd] = process.argv.slice(1);
  if (onEnd === 'ignore') process.on('SIGTERM', () => undefined);
  const answer = (_, response) => response.end('ok');
  require('http').createServer(answer).listen(Number(port), host, () => console.log('ready'));
`;

/** Listens without answering, and passes the socket to a child. */
const sharer = `
  const server = require('net').createServer().listen(Number(process.argv[1]), '127.0.0.1', () => {
    const stdio = ['ignore', 'ignore', 'ignore', server._handle.fd];
    const child = require('child_process').spawn('sleep', ['1000'], { stdio });
    console.log(child.pid);
  });
`;

/** Starts a daemon and listens; arguments: port, script, address of the daemon, and its pid file. */
const daemonOwner = `
  const [port, daemon, address, pidFile] = process.argv.slice(1);
  const options = { detached: true, stdio: 'ignore' };
  require('child_process').spawn(process.execPath, [daemon, address, pidFile, 'daemon'], options).unref();
  require('net').createServer().listen(Number(port), '127.0.0.1', () => console.log('ready'));
`;

/** The dependencies of the process host, for calls from the process of the tests. */
const here = {
  platform: system,
  ...systemTables(system),
  ledger: {
    own: { windowId: 'window-aa', host: { pid: process.pid, startTime: '1', bootId: 'b' }, runs: [] },
    others: () => Promise.resolve([]),
  },
};

/** Inspects a port until it has an address: on a busy machine, an answer may take longer than the probe waits. */
async function answering(inspect: () => Promise<PortUse>): Promise<PortUse> {
  let use: PortUse = { kind: 'free' };
  await until('an answer', async () => {
    use = await inspect();
    return 'url' in use && use.url !== undefined;
  });
  return use;
}

describe('the holder of a port', () => {
  let host: TestHost;
  const children: ChildProcess[] = [];
  const servers: Server[] = [];
  beforeEach(() => {
    host = new TestHost();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await host.end();
  });

  /** Starts a program outside any run. Resolves with its first output. */
  async function foreign(script: string, args: readonly (string | number)[], uid?: number) {
    const child = spawn(process.execPath, ['-e', script, '--', ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: '/tmp',
      ...(uid !== undefined && { uid }),
    });
    children.push(child);
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    return { pid: child.pid ?? 0, said: said.toString().trim() };
  }

  function requireHolders(use: PortUse): readonly PortHolder[] {
    assert.equal(use.kind, 'held');
    return use.kind === 'held' ? use.holders : [];
  }

  const inspect = (port: number): Promise<PortUse> => host.client.inspectPort(port);
  const onlyHolder = async (port: number): Promise<PortHolder> => {
    const holders = requireHolders(await inspect(port));
    const [only] = holders;
    assert.ok(only && holders.length === 1, `${holders.length} holders`);
    return only;
  };

  it('does not exist if the port can be bound', async () => {
    assert.deepEqual(await inspect(await freePort()), { kind: 'free' });
  });

  it('is reported with program, command, folder, age and address', async () => {
    const port = await freePort();
    const earliest = Date.now();
    const { pid } = await foreign(listener, [port, '127.0.0.1']);
    const latest = Date.now();
    const use = await answering(() => inspect(port));
    const [holder] = requireHolders(use);
    assert.ok(holder);
    const { startedAt = 0, command, ...rest } = holder;
    assert.deepEqual(rest, {
      process: await system.identify(pid),
      name: 'node',
      folder: '/tmp',
      owner: { kind: 'foreign' },
    });
    assert.ok(command.startsWith(process.execPath) && command.length <= 300, command);
    // The time of the boot is in whole seconds.
    assert.ok(startedAt > earliest - 2500 && startedAt < latest + 2500, `started at ${startedAt}`);
    assert.equal(use.kind === 'held' && use.url, `http://localhost:${port}/`);
  });

  it('listens on exactly this port; it is not a client or the holder of a port with the same beginning', async () => {
    const { port, longer } = await alikePorts();
    await foreign(listener, [longer, '127.0.0.1']);
    assert.deepEqual(await inspect(port), { kind: 'free' });

    const { pid } = await foreign(listener, [port, '127.0.0.1']);
    const client = await connectTo({ port, host: '127.0.0.1' });
    assert.equal((await onlyHolder(port)).process.pid, pid);
    client.destroy();
  });

  it('is found at any address', async () => {
    for (const address of ['127.0.0.1', '127.0.0.2', '::1', '0.0.0.0', '::']) {
      const port = await freePort();
      const { pid } = await foreign(listener, [port, address]);
      assert.equal((await onlyHolder(port)).process.pid, pid, address);
    }
  });

  it('can be two processes, one at each kind of address', async () => {
    const port = await freePort();
    const one = await foreign(listener, [port, '127.0.0.1']);
    const other = await foreign(listener, [port, '::1']);
    assert.deepEqual(
      new Set(requireHolders(await inspect(port)).map(({ process: { pid } }) => pid)),
      new Set([one.pid, other.pid]),
    );
  });

  it('is the parent of processes that share its socket', async () => {
    const port = await freePort();
    const { pid, said } = await foreign(sharer, [port]);
    const use = await inspect(port);
    assert.deepEqual(
      [requireHolders(use).map((holder) => holder.process.pid), use.kind === 'held' && use.url],
      [[pid], undefined],
    );
    process.kill(Number(said), 'SIGKILL');
    await until('the end of the child', () => !isAlive(Number(said)));
  });

  it('is a server of this window, which is not killed as a foreign process', async () => {
    const port = await freePort();
    const run = await host.shell(
      `${process.execPath} -e "require('http').createServer().listen(${port}, '127.0.0.1')" & wait`,
      { serverId: 'shop:dev' },
    );
    await host.event(run, 'spawned');
    await until('the server', () => isListening(port));
    const holder = await onlyHolder(port);
    assert.deepEqual(holder.owner, { kind: 'server', serverId: 'shop:dev' });
    await assert.rejects(host.client.killPortOwner(port, holder.process), { reason: 'badRequest' });
    assert.equal(isAlive(holder.process.pid), true);
    await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 2000 });
    assert.deepEqual(await inspect(port), { kind: 'free' });
  });

  it('is a server of another window, by its record, and is not killed as a foreign process', async () => {
    const window = new HostClient({ hostPath, ledgerFolder: host.ledgerFolder, log });
    const port = await freePort();
    const run = await host.shell(
      `${process.execPath} -e "require('net').createServer().listen(${port}, '127.0.0.1')"`,
      { serverId: 'shop:dev', folder: 'shop' },
    );
    await host.event(run, 'spawned');
    await until('the server', () => isListening(port));
    const [holder] = requireHolders(await window.inspectPort(port));
    assert.ok(holder);
    const { owner } = holder;
    assert.deepEqual(owner, {
      kind: 'otherWindow',
      run: { serverId: 'shop:dev', folder: 'shop', cwd: serverFolder, url: undefined },
    });
    await assert.rejects(window.killPortOwner(port, holder.process), { reason: 'badRequest' });
    assert.equal(isAlive(holder.process.pid), true);
    await window.takeOver({ id: 'shop (2):dev', folder: 'shop (2)', cwd: serverFolder });
    assert.deepEqual(await window.inspectPort(port), { kind: 'free' });
    await window.dispose();
    await host.event(run, 'ended');
  });

  it('may be the extension host, which is not killed', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const holder = await onlyHolder(port);
    assert.deepEqual([holder.process.pid, holder.owner], [process.pid, { kind: 'editor' }]);
    await assert.rejects(host.client.killPortOwner(port, holder.process), { reason: 'badRequest' });
  });

  it('may be the extension host of another window, which is not killed', async () => {
    const port = await freePort();
    await foreign(listener, [port, '127.0.0.1', '', '--type=extensionHost']);
    const holder = await onlyHolder(port);
    assert.deepEqual(holder.owner, { kind: 'editor' });
    await assert.rejects(killPortOwner(port, holder.process, here), { reason: 'badRequest' });
    assert.equal(isAlive(holder.process.pid), true);
  });

  it('is unknown, but exists, if it belongs to another user, and cannot be killed', async (context) => {
    const { getuid, seteuid } = process;
    if (getuid?.() !== 0 || !seteuid) return context.skip('only root can act as another user');
    if (system.hidesEnvironments) return context.skip('the tools of this system run as the real user');
    const port = await freePort();
    const { pid } = await foreign(listener, [port, '127.0.0.1'], 12_345);
    const identity = await system.identify(pid);
    assert.ok(identity);
    seteuid(65_534);
    try {
      assert.deepEqual(await answering(() => inspectPort(port, here)), {
        kind: 'unknown',
        url: `http://localhost:${port}/`,
      });
      await assert.rejects(killPortOwner(port, identity, here), { reason: 'badRequest' });
    } finally {
      seteuid(0);
    }
    assert.deepEqual([isAlive(pid), requireHolders(await inspect(port)).length], [true, 1]);
  });

  describe('that is a foreign process', () => {
    it('is terminated with its descendants, so that the port is free', async () => {
      const port = await freePort();
      const { pid, said } = await foreign(sharer, [port]);
      await host.client.killPortOwner(port, (await onlyHolder(port)).process);
      assert.deepEqual([isAlive(pid), isAlive(Number(said)), await isFree(port)], [false, false, true]);
    });

    it('is killed if it does not exit on its own', async () => {
      const port = await freePort();
      const { pid } = await foreign(listener, [port, '127.0.0.1', 'ignore']);
      await host.client.killPortOwner(port, (await onlyHolder(port)).process);
      assert.deepEqual([isAlive(pid), await isFree(port)], [false, true]);
    });

    it('is terminated without a daemon that others use', async () => {
      const [port, daemonPort] = [await freePort(), await freePort()];
      const pidFile = join(host.logFolder, 'daemon.pid');
      await foreign(daemonOwner, [port, fixture('daemonClient.mjs'), daemonPort, pidFile]);
      await until('the daemon', () => existsSync(pidFile) && isListening(daemonPort));
      const user = await connectTo({ port: daemonPort, host: '127.0.0.1' });
      await host.client.killPortOwner(port, (await onlyHolder(port)).process);
      const daemon = Number(readFileSync(pidFile, 'utf8'));
      assert.deepEqual([await isFree(port), isAlive(daemon)], [true, true]);
      user.destroy();
      process.kill(daemon, 'SIGKILL');
      await until('its end', () => !isAlive(daemon));
    });

    it('is terminated with its daemon if it has no other users', async () => {
      const [port, daemonPort] = [await freePort(), await freePort()];
      const pidFile = join(host.logFolder, 'daemon.pid');
      await foreign(daemonOwner, [port, fixture('daemonClient.mjs'), daemonPort, pidFile]);
      await until('the daemon', () => existsSync(pidFile) && isListening(daemonPort));
      await host.client.killPortOwner(port, (await onlyHolder(port)).process);
      assert.deepEqual([await isFree(port), isAlive(Number(readFileSync(pidFile, 'utf8')))], [true, false]);
    });

    it('is left alone if it is not the process that was shown', async () => {
      const port = await freePort();
      const { pid } = await foreign(listener, [port, '127.0.0.1']);
      const holder = await onlyHolder(port);
      const earlier = { ...holder.process, startTime: String(Number(holder.process.startTime) - 1) };
      const otherBoot = { ...holder.process, bootId: 'another' };
      for (const process of [earlier, otherBoot]) {
        await assert.rejects(killPortOwner(port, process, here), { reason: 'badRequest' });
      }
      assert.equal(isAlive(pid), true);
    });

    it('is left alone if it no longer uses the port', async () => {
      const [port, other] = [await freePort(), await freePort()];
      const { pid } = await foreign(listener, [port, '127.0.0.1']);
      const { process } = await onlyHolder(port);
      await assert.rejects(host.client.killPortOwner(other, process), { reason: 'badRequest' });
      assert.equal(isAlive(pid), true);
    });
  });
});

/** Returns a free port, and the one at ten times its number plus one: 3000 and 30001. */
async function alikePorts(): Promise<{ port: number; longer: number }> {
  for (let port = 3000; port < 6500; port += 1) {
    const longer = port * 10 + 1;
    if ((await isFree(port)) && (await isFree(longer))) return { port, longer };
  }
  throw new Error('No port is free');
}
