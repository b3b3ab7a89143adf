import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { windows } from '../../src/host/platform/windows.js';
import { system32 } from '../../src/host/platform/windowsSystem.js';
import type { ProcessEntry } from '../../src/host/system/processes.js';
import { freePort, isAlive, isListening, until } from '../support/processes.js';
import { consoleWords, nodeProgram } from '../support/serverProgram.js';
import { fixture, nodeCommand, processesWith, WindowsHost } from './support/windowsHost.js';

const cmd = join(system32, 'cmd.exe');

let host: WindowsHost;
let folder: string;

beforeEach(() => {
  host = new WindowsHost();
  folder = mkdtempSync(join(tmpdir(), 'dev-servers-test-'));
});

afterEach(async () => {
  await host.end();
  rmSync(folder, { recursive: true, maxRetries: 5 });
});

/** Returns the consoles of the process host. */
async function consoles(): Promise<ProcessEntry[]> {
  return (await host.children()).filter(({ command }) => /conhost/i.test(command));
}

describe('a server on Windows', () => {
  it('has a pid, is ready by its own listener, is on record, and stops', async () => {
    const port = await freePort();
    const runId = await host.start(nodeCommand('server.mjs', String(port)), { port });
    const { process: root } = await host.event(runId, 'spawned');
    assert.ok(root.pid > 4, `pid ${root.pid}`);
    assert.match(root.startTime, /^\d{18}$/);
    const output = host.watch(runId);
    const ready = await host.event(runId, 'ready');
    assert.equal(ready.endpoint?.url, `http://127.0.0.1:${port}/`);
    await output.until('äñ✓');
    assert.match(host.ledger(), new RegExp(`"pid":${root.pid}\\b`));
    const report = await host.stop(runId);
    assert.deepEqual(report, { forced: false, survivors: [], busyPorts: [] });
    assert.equal(await isListening(port), false);
    await until('the end of the record', () => !host.ledger().includes(`"pid":${root.pid}`));
  });

  it('is killed with its tree when a process gets no Ctrl+C', async () => {
    const port = await freePort();
    const runId = await host.start(nodeCommand('server.mjs', String(port), 'child', 'detached'), { port });
    const output = host.watch(runId);
    await host.event(runId, 'ready');
    const child = Number(/child (\d+)/.exec(output.text())?.[1]);
    assert.ok(await windows.identify(child));
    const report = await host.stop(runId, 1500);
    assert.deepEqual(report, { forced: true, survivors: [], busyPorts: [] });
    assert.deepEqual([await windows.identify(child), await processesWith(` ${port} child`)], [undefined, []]);
  });

  it('runs in its folder with a capital drive letter, as in a terminal of the editor', async () => {
    const args = ['-p', `'folder ' + process.cwd() + ' of ' + process.env.PATH.length`];
    const cwd = folder.replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
    const runId = await host.start(nodeProgram(...args), { cwd });
    const output = host.watch(runId);
    await host.event(runId, 'ended');
    assert.match(output.text().replaceAll(/\s+/g, ' '), /folder [A-Z]:\\/);
  });

  it('gets input, and its log has the output', async () => {
    const port = await freePort();
    const runId = await host.start(nodeCommand('server.mjs', String(port), 'echo'), { port });
    const output = host.watch(runId);
    await output.until('Listening');
    host.client.input(runId, 'abc\r');
    await output.until('input "abc');
    await host.stop(runId, 3000);
  });

  it('that ends at once has a pid and an exit code', async () => {
    const runId = await host.start({ kind: 'argv', file: process.execPath, args: ['-e', 'process.exit(4)'] });
    const { process: root } = await host.event(runId, 'spawned');
    const { exit } = await host.event(runId, 'ended');
    assert.deepEqual([root.pid > 4, exit], [true, { kind: 'code', code: 4 }]);
  });

  it('that exits while its terminal is shown does not end another server', async () => {
    const port = await freePort();
    const other = await host.start(nodeCommand('server.mjs', String(port)), { port, serverId: 'other' });
    await host.event(other, 'ready');
    const exits: unknown[] = [];
    for (let count = 0; count < 3; count += 1) {
      const args = ['/d', '/c', 'exit 3'];
      const runId = await host.start({ kind: 'argv', file: cmd, args }, { serverId: `short${count}` });
      host.watch(runId);
      exits.push((await host.event(runId, 'ended')).exit);
    }
    assert.deepEqual(
      exits,
      Array.from({ length: 3 }, () => ({ kind: 'code', code: 3 })),
    );
    assert.equal(await isListening(port), true);
    assert.deepEqual((await host.stop(other)).survivors, []);
  });

  it('that is missing, or not a program, is refused with a message', async () => {
    const file = join(folder, 'noProgram.exe');
    writeFileSync(file, 'This is no program.');
    const start = (name: string) => host.start({ kind: 'argv', file: name, args: [] });
    await assert.rejects(start('noSuchTool'), {
      reason: 'spawnFailed',
      message: /Command not found.*: noSuchTool/,
    });
    await assert.rejects(start(file), {
      reason: 'spawnFailed',
      message: /it is not a program|The start failed/,
    });
  });

  it('leaves no conhost.exe behind', async () => {
    for (let count = 0; count < 3; count += 1) {
      const runId = await host.start({ kind: 'argv', file: process.execPath, args: ['-e', ''] });
      await host.event(runId, 'ended');
    }
    assert.deepEqual(await consoles(), []);
  });

  it('started together with others leaves no conhost.exe behind, and keeps its own', async () => {
    const port = await freePort();
    const quick = ['one', 'two', 'three'].map((serverId) =>
      host.start({ kind: 'argv', file: process.execPath, args: ['-e', ''] }, { serverId }),
    );
    const server = await host.start(nodeCommand('server.mjs', String(port)), { port });
    for (const runId of await Promise.all(quick)) await host.event(runId, 'ended');
    await host.event(server, 'ready');
    assert.ok((await consoles()).length > 0);
    await host.stop(server);
    await host.event(server, 'ended');
    assert.deepEqual(await consoles(), []);
  });

  it('whose batch file asks whether to end does not delay its stop', async () => {
    const batch = join(folder, 'tool.cmd');
    // The question, without Ctrl+C: what is left of the tree is `cmd.exe`, which waits for input.
    writeFileSync(batch, '@set /p answer=Terminate batch job (Y/N)? \r\n');
    const [file, ...args] = [...consoleWords, cmd];
    const runId = await host.start({ kind: 'argv', file, args: [...args, '/d', '/c', batch] });
    await host.event(runId, 'spawned');
    await until('the question', async () => (await processesWith(batch)).length > 0);
    const startedAt = performance.now();
    const { survivors } = await host.stop(runId, 60_000);
    assert.deepEqual([survivors, performance.now() - startedAt < 30_000], [[], true]);
  });

  it('keeps a process of its tree that has lost its parent', async () => {
    const port = await freePort();
    const script = join(folder, 'leaver.mjs');
    writeFileSync(
      script,
      `import { spawn } from 'node:child_process';
       spawn(process.execPath, [${JSON.stringify(fixture('server.mjs'))}, '${port}'],
         { stdio: 'ignore', detached: true, windowsHide: true }).unref();
       setTimeout(() => process.exit(0), 1500);`,
    );
    const runId = await host.start({ kind: 'argv', file: process.execPath, args: [script] });
    const { survivors } = await host.event(runId, 'ended');
    assert.deepEqual([survivors, await processesWith(`server.mjs ${port}`)], [[], []]);
  });
});

describe('a foreign process on a port on Windows', () => {
  it('is described with its command line, and ended with its tree', async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [fixture('server.mjs'), String(port), 'child'], {
      stdio: 'ignore',
    });
    await until('the listener', async () => (await windows.listeners()).some((each) => each.port === port));
    const use = await host.client.inspectPort(port);
    assert.equal(use.kind, 'held');
    const [holder] = use.kind === 'held' ? use.holders : [];
    assert.deepEqual(
      [holder?.process.pid, holder?.name, holder?.owner, holder?.command.includes('server.mjs')],
      [child.pid, 'node', { kind: 'foreign' }, true],
    );
    if (holder) await host.client.killPortOwner(port, holder.process);
    assert.deepEqual([await isListening(port), await windows.identify(child.pid ?? 0)], [false, undefined]);
  });

  it('that is another window of the editor is known as such', async () => {
    const port = await freePort();
    const args = [fixture('server.mjs'), String(port), '--type=utility'];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    try {
      await until('the listener', async () => (await windows.listeners()).some((each) => each.port === port));
      const use = await host.client.inspectPort(port);
      assert.deepEqual(use.kind === 'held' ? use.holders.map(({ owner }) => owner) : [], [
        { kind: 'editor' },
      ]);
    } finally {
      child.kill();
    }
  });
});

describe('a killed process host on Windows', () => {
  it('leaves nothing after the next window', async () => {
    const port = await freePort();
    const runId = await host.start(nodeCommand('server.mjs', String(port), 'child'), { port });
    await host.event(runId, 'ready');
    await until('the record', () => host.ledger().includes(runId));
    process.kill(host.client.pid ?? 0, 'SIGKILL');
    await until('the loss', () => host.events.some(({ kind }) => kind === 'hostLost'));
    await host.client.endOrphans();
    assert.deepEqual([await processesWith(`server.mjs ${port}`), await isListening(port)], [[], false]);
  });
});

describe('without PowerShell, which a policy may block', () => {
  const powerShell = join(system32, 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const blocked = `${powerShell}.blocked`;

  it('a server starts, reports missing functions, and is killed by taskkill', async (context) => {
    if (process.env['DEV_SERVERS_WINE'] === undefined)
      context.skip('A real Windows does not let it be renamed.');
    const port = await freePort();
    renameSync(powerShell, blocked);
    try {
      const script = `process.on('SIGINT', () => 0);
        require('child_process').spawn(process.execPath, [${JSON.stringify(fixture('server.mjs'))}, '${port}'], { stdio: 'ignore' });`;
      const runId = await host.start(nodeProgram('-e', script), { port });
      const output = host.watch(runId);
      await output.until('What this server starts is not known');
      await output.until(powerShell.slice(0, 10));
      await until('the listener', () => isListening(port));
      const report = await host.stop(runId, 1000);
      assert.deepEqual(report, { forced: true, survivors: [], busyPorts: [] });
      assert.equal(await isListening(port), false);
    } finally {
      renameSync(blocked, powerShell);
    }
  });
});

describe('orphans of a killed process host on Windows', () => {
  it('are found and killed by the next window, even if their root has exited', async () => {
    const port = await freePort();
    const mark = `top-${port}-`;
    const script = `'${mark}'; require('child_process').spawn(process.execPath,
      [${JSON.stringify(fixture('server.mjs'))}, '${port}', 'child', 'detached'], { stdio: 'ignore', detached: true, windowsHide: true });
      process.stdin.on('data', () => process.exit(0));`;
    const runId = await host.start(nodeProgram('-e', script), { port });
    const { process: root } = await host.event(runId, 'spawned');
    await host.event(runId, 'ready');
    const members = await processesWith(` ${port} child`);
    assert.equal(members.length, 1);
    await until('the record of its members', () =>
      members.every(({ pid }) => host.ledger().includes(`"pid":${pid},`)),
    );
    const above = (await processesWith(mark)).map(({ pid }) => pid);
    // The host must not notice the end of the root.
    for (const pid of [host.client.pid ?? 0, root.pid, ...above])
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until('the loss', () => host.events.some(({ kind }) => kind === 'hostLost'));
    await host.client.endOrphans();
    assert.deepEqual([await processesWith(String(port)), await isListening(port)], [[], false]);
  });
});
