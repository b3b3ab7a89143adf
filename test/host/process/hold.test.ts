import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { RunId } from '../../../src/core/server/state.js';
import { MessageSocket } from '../../../src/host/ipc/messageSocket.js';
import { protocolVersion } from '../../../src/host/ipc/protocol.js';
import type { HeldHost } from '../../../src/host/ledger/heldHosts.js';
import { terminateOrphans } from '../../../src/host/ledger/orphans.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { isAlive, killAll, pidsWith, until, windowIdOf } from '../../support/processes.js';
import { startBareWindow, type BareWindow } from '../support/bareWindow.js';
import { fixture, TestHost } from '../support/testHost.js';

const workspace = ['file:///shop'];
const held = (holdMs = 60_000) => ({ holdMs, workspace });

/** Time for which servers are held while their process host does not run, milliseconds: more than two of its ticks. */
const sleepHoldMs = 5000;

/** Prints numbered lines for ever. */
const counter = 'i=0; while :; do i=$((i + 1)); echo "line $i"; sleep 0.01; done';

describe.skipIf(process.platform === 'win32')('servers without a window', () => {
  const folders: string[] = [];
  const hosts: TestHost[] = [];
  const windows: BareWindow[] = [];
  let ledgerFolder: string;
  let logFolder: string;
  beforeEach(() => {
    [ledgerFolder, logFolder] = ['ledger', 'logs'].map((name) =>
      mkdtempSync(join(tmpdir(), `dev-servers-${name}-`)),
    ) as [string, string];
    folders.push(ledgerFolder, logFolder);
  });
  afterEach(async () => {
    // The latest window has the servers of the earlier ones. It stops their process host, which must not be killed
    // before.
    for (const host of hosts.splice(0).toReversed()) await host.end();
    killAll(windows.splice(0).flatMap(({ pids }) => pids));
    await endLeftovers();
    assert.deepEqual(readdirSync(ledgerFolder), [], 'records were left behind');
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function openWindow(holdMs?: number): TestHost {
    const host = new TestHost({ ledgerFolder, logFolder, hold: () => held(holdMs) });
    hosts.push(host);
    return host;
  }

  /** Waits for the process host that holds servers for the next window. */
  async function heldHost(window: TestHost): Promise<HeldHost> {
    let found: HeldHost | undefined;
    await until('a process host that holds servers', async () => {
      [found] = (await window.client.hold.find(workspace)).held;
      return found !== undefined;
    });
    return found ?? assert.fail();
  }

  async function endLeftovers(): Promise<void> {
    const log = { info: () => undefined, error: () => undefined };
    const deps = { folder: ledgerFolder, platform: currentPlatform(), log };
    await until('the end of what is left', async () => {
      await terminateOrphans(deps);
      return readdirSync(ledgerFolder).length === 0;
    });
  }

  /** Starts a window with a server, whose extension host can be killed. */
  async function startVictim(windowId: string, holdMs = 60_000): Promise<BareWindow> {
    const messages = [
      { kind: 'hold', ...held(holdMs) },
      { kind: 'save', key: 'web', value: 'what the window knows', isReason: false },
    ] as const;
    const window = await startBareWindow(ledgerFolder, windowId, [fixture('tree.mjs'), 'plain'], messages);
    windows.push(window);
    await until('the server runs', () => pidsWith(`${windowId}-1`).length > 1);
    return window;
  }

  /**
   * Asserts that the text has the lines of the counter from the first one, or from its beginning, without gaps or
   * duplicates.
   */
  function assertNumbered(text: string): number {
    const numbers = [...text.matchAll(/line (\d+)\r?\n/g)].map(([, number]) => Number(number));
    const [first = 1] = numbers;
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => first + index),
    );
    return numbers.length;
  }

  it('are taken over by the next one, with their output, and are used as before', async () => {
    const window = openWindow();
    const run = await window.shell(counter);
    const { process: root } = await window.event(run, 'spawned');
    const before = window.watch(run);
    await before.until('line 20\r\n');
    window.client.hold.save('web', 'what the window knows', false);
    assert.ok(Number(await window.client.hold.release()) > Date.now());
    const seen = assertNumbered(before.text());

    const next = openWindow();
    const { runs, saved } = await next.client.hold.takeOver(await heldHost(next));
    next.client.hold.resume();
    assert.deepEqual(saved, [{ key: 'web', value: 'what the window knows' }]);
    assert.deepEqual(
      runs.map(({ runId, events }) => ({ runId, events })),
      [{ runId: run, events: [{ kind: 'spawned', runId: run, process: root }] }],
    );
    const after = next.watch(run);
    await after.until(`line ${seen + 20}\r\n`);
    assert.ok(after.text().startsWith('line 1\r\n'));
    assertNumbered(after.text());
    const log = await next.client.logs.tail({ id: 'test', cwd: tmpdir() });
    assertNumbered(log?.text ?? assert.fail('no log'));
    assert.deepEqual((await next.client.hold.find(workspace)).held, []);

    next.client.input(run, '\u0003');
    const { interrupted } = await next.event(run, 'ended');
    assert.deepEqual([interrupted, isAlive(root.pid)], [true, false]);
  });

  it('are shown below their earlier runs, as in the terminal of the window before', async () => {
    const window = openWindow();
    const { client } = window;
    const earlier = await window.shell('echo first');
    await window.event(earlier, 'ended');
    const seen = window.watch(earlier);
    await seen.until('first');
    const run = await window.shell('echo second; exec sleep 1000');
    await window.event(run, 'spawned');
    let shown = '';
    client.attach(run, 80, 24, (data) => (shown += data), { runId: earlier, notes: 'Restarted\r\n' });
    client.forget(earlier);
    await until('the output', () => shown.includes('second'));
    assert.equal(shown, 'second\r\n');
    await client.hold.release();

    const next = openWindow();
    await next.client.hold.takeOver(await heldHost(next));
    next.client.hold.resume();
    const after = next.watch(run);
    await after.until('second');
    assert.equal(after.text(), 'first\r\nRestarted\r\nsecond\r\n');
  });

  it('are reported with what happened meanwhile', async () => {
    const window = openWindow();
    const run = await window.shell('read -r line; echo "$line"; exit 3');
    await window.event(run, 'spawned');
    const other = await window.shell('sleep 1000');
    await window.event(other, 'spawned');
    window.client.input(run, 'bye\n');
    await window.client.hold.release();
    await until('the end of the server', () => pidsWith(run).length === 0);
    const next = openWindow();
    const { runs } = await next.client.hold.takeOver(await heldHost(next));
    next.client.hold.resume();
    const ended =
      runs.find(({ runId }) => runId === run)?.events.find(({ kind }) => kind === 'ended') ??
      (await next.event(run, 'ended'));
    assert.ok(ended.kind === 'ended');
    assert.deepEqual([ended.exit, ended.tail], [{ kind: 'code', code: 3 }, ['bye', 'bye']]);
    await next.watch(run).until('bye\r\nbye\r\n');
  });

  it('keep running when the extension host is killed, and are taken over with the saved state', async () => {
    const windowId = randomUUID();
    const window = await startVictim(windowId);
    const pids = pidsWith(`${windowId}-1`);
    await window.kill();
    const next = openWindow();
    const { runs, saved } = await next.client.hold.takeOver(await heldHost(next));
    next.client.hold.resume();
    assert.deepEqual(saved, [{ key: 'web', value: 'what the window knows' }]);
    assert.deepEqual(
      runs.map(({ runId }) => runId),
      [`${windowId}-1`],
    );
    assert.deepEqual(pidsWith(`${windowId}-1`), pids);
    const stop = { runId: `${windowId}-1`, signal: 'SIGTERM', graceMs: 1000 } as const;
    assert.deepEqual((await next.client.stop(stop)).survivors, []);
  });

  it('end when no window comes in time', async () => {
    const windowId = randomUUID();
    const window = await startVictim(windowId, 300);
    await window.kill();
    await until('the end of everything', () => pidsWith(windowId).length === 0);
    assert.deepEqual(readdirSync(ledgerFolder), []);
  });

  it('get their own time to shut down when no window comes', async () => {
    const window = openWindow(300);
    const done = join(ledgerFolder, 'done.txt');
    // The window that is gone would allow two seconds.
    const script = `const end = () => { require('fs').writeFileSync(process.argv[1], ''); process.exit(); };
      process.on('SIGTERM', () => setTimeout(end, 2500)); setInterval(end, 1e8); console.log('ready');`;
    const command = { kind: 'argv', file: process.execPath, args: ['-e', script, done] } as const;
    const run = await window.start(command, { stop: { signal: 'SIGTERM', graceMs: 60_000 } });
    await window.watch(run).until('ready');
    await window.client.hold.release();
    await until('the end of everything', () => pidsWith(windowIdOf(run)).length === 0);
    assert.equal(existsSync(done), true);
    rmSync(done);
  });

  it('keep running through a sleep that is longer than their time', async () => {
    const windowId = randomUUID();
    const window = await startVictim(windowId, sleepHoldMs);
    const next = openWindow();
    await window.kill();
    const host = await heldHost(next);
    process.kill(window.hostPid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, sleepHoldMs));
    process.kill(window.hostPid, 'SIGCONT');
    const { runs } = await next.client.hold.takeOver(host);
    next.client.hold.resume();
    assert.deepEqual(
      runs.map(({ runId }) => runId),
      [`${windowId}-1`],
    );
  });

  it('end when their process host is killed too', async () => {
    const windowId = randomUUID();
    const window = await startVictim(windowId);
    await window.kill();
    await heldHost(openWindow());
    process.kill(window.hostPid, 'SIGKILL');
    await until('the end of everything', () => pidsWith(windowId).length === 0);
  });

  it('are reported as lost when their process host is killed after they were taken over', async () => {
    const windowId = randomUUID();
    const window = await startVictim(windowId);
    await window.kill();
    const next = openWindow();
    await next.client.hold.takeOver(await heldHost(next));
    next.client.hold.resume();
    process.kill(window.hostPid, 'SIGKILL');
    await until('the loss', () => next.events.some(({ kind }) => kind === 'hostLost'));
    assert.deepEqual(pidsWith(windowId), []);
    const run = await next.shell('sleep 1000');
    await next.event(run, 'spawned');
  });

  it('are taken over by one of two windows, and by none without the token', async () => {
    const window = openWindow();
    const run = await window.shell('sleep 1000');
    await window.event(run, 'spawned');
    await window.client.hold.release();
    const next = [openWindow(), openWindow()] as const;
    const host = await heldHost(next[0]);
    const wrong = openWindow();
    const { link } = host;
    await assert.rejects(
      wrong.client.hold.takeOver({ ...host, link: { ...link, token: 'x'.repeat(link.token.length) } }),
    );
    const results = await Promise.allSettled(next.map(({ client }) => client.hold.takeOver(host)));
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal(pidsWith(run).length > 0, true);
  });

  it('are not given to a window of another version, which lists and stops them', async () => {
    const window = openWindow();
    const run = await window.shell('exec sleep 1000');
    await window.event(run, 'spawned');
    await window.client.hold.release();
    const next = openWindow();
    const host = await heldHost(next);
    const { link, windowId } = host;
    const connect = {
      kind: 'connect',
      request: 1,
      protocol: protocolVersion + 1,
      token: link.token,
      pid: process.pid,
    };
    const socket = createConnection(link.address);
    await once(socket, 'connect');
    const refused = await new Promise((resolve) => {
      const messages = new MessageSocket(socket, resolve);
      messages.send([connect]);
    });
    assert.deepEqual(
      [refused].flat(2).map((answer) => (answer as { reason?: unknown }).reason),
      ['badRequest'],
    );
    // As that version reads the record.
    const path = join(ledgerFolder, `${windowId}.json`);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(/"protocol":\d+/, (own) => `${own}0`),
    );
    assert.deepEqual(await next.client.hold.find(workspace), {
      held: [],
      hasOtherVersion: true,
      isPending: false,
    });
    const [listed = assert.fail('not listed')] = await next.client.list();
    assert.ok(Number(listed.heldUntil) > Date.now());
    const stopper = openWindow();
    await stopper.client.takeOver(listed.server);
    assert.deepEqual(pidsWith(run), []);
    await next.client.hold.takeOver(host);
    next.client.hold.resume();
  });

  it('are not given in Restricted Mode, and not to a window without one of their folders', async () => {
    const window = openWindow();
    const run = await window.shell('exec sleep 1000');
    await window.event(run, 'spawned');
    await window.client.hold.release();
    const next = openWindow();
    await heldHost(next);
    for (const roots of [[], ['file:///shop/api'], ['file:///other']])
      assert.deepEqual(await next.client.hold.find(roots), {
        held: [],
        hasOtherVersion: false,
        isPending: false,
      });
    const [found = assert.fail()] = (await next.client.hold.find(['file:///other', ...workspace])).held;
    await next.client.hold.takeOver(found);
    next.client.hold.resume();
  });

  it('are not given to a client that sends anything else', async () => {
    const window = openWindow();
    const run: RunId = await window.shell('sleep 1000');
    await window.event(run, 'spawned');
    await window.client.hold.release();
    const next = openWindow();
    const host = await heldHost(next);
    for (const bytes of [
      Buffer.alloc(4, 0xff),
      Buffer.from([0, 0, 0, 1, 0]),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    ]) {
      const socket = createConnection(host.link.address);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined).end(bytes);
      await closed;
    }
    await next.client.hold.takeOver(host);
    next.client.hold.resume();
  });

  it('are not held when none runs', async () => {
    const window = openWindow();
    const run = await window.shell('exit 0');
    await window.event(run, 'ended');
    assert.equal(await window.client.hold.release(), undefined);
    await until('the end of the process host', () => readdirSync(ledgerFolder).length === 0);
  });
});
