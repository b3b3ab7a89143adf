import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { windows } from '../../src/host/platform/windows.js';
import type { ProcessEntry } from '../../src/host/system/processes.js';
import { freePort, isFree, until } from '../support/processes.js';
import { consoleWords } from '../support/serverProgram.js';
import { fixture, nodeCommand, processesWith, WindowsHost } from './support/windowsHost.js';

const cmd = join(process.env['SystemRoot'] ?? '', 'System32', 'cmd.exe');

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
    assert.equal(await isFree(port), true);
    await until('the end of the record', () => !host.ledger().includes(`"pid":${root.pid}`));
  });

  it('is ended with its tree by force when a process gets no Ctrl+C', async () => {
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

  it('that ends while its terminal is shown ends no other server', async () => {
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
    assert.equal(await isFree(port), false);
    assert.deepEqual((await host.stop(other)).survivors, []);
  });

  it('that is missing, or no program, is refused with words', async () => {
    const file = join(folder, 'noProgram.exe');
    writeFileSync(file, 'This is no program.');
    const start = (name: string) => host.start({ kind: 'argv', file: name, args: [] });
    await assert.rejects(start('noSuchTool'), {
      reason: 'spawnFailed',
      message: /"noSuchTool" was not found/,
    });
    await assert.rejects(start(file), {
      reason: 'spawnFailed',
      message: /it is not a program|could not be started/,
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

  it('whose batch file asks whether to end is not waited for', async () => {
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
    assert.deepEqual([await isFree(port), await windows.identify(child.pid ?? 0)], [true, undefined]);
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
    assert.deepEqual([await processesWith(`server.mjs ${port}`), await isFree(port)], [[], true]);
  });
});

describe('the words of a command on Windows', () => {
  const words = [
    'a b',
    '"a b"',
    'a"b',
    '',
    'ä ✓',
    String.raw`C:\dir with blank\\`,
    '%PATH%',
    'a&b|c',
    "it's",
    '^x',
    '\t',
  ];

  it('arrive at a program as they were written', async () => {
    const result = join(folder, 'words.json');
    const script = `require('fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify(process.argv.slice(1)))`;
    const runId = await host.start({ kind: 'argv', file: process.execPath, args: ['-e', script, ...words] });
    await host.event(runId, 'ended');
    assert.deepEqual(JSON.parse(readFileSync(result, 'utf8')), words);
  });

  it('arrive at a program through a batch file, or are refused', async () => {
    const batch = join(folder, 'my tool.cmd');
    const result = join(folder, 'words.json');
    const script = join(folder, 'words.cjs');
    writeFileSync(
      script,
      `require('fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify(process.argv.slice(2)))`,
    );
    writeFileSync(batch, `@"${process.execPath}" "${script}" %*\r\n`);
    const safe = ['run', 'a b', String.raw`C:\my dir\\`, 'a;b', 'a,b=c', "it's"];
    const runId = await host.start({ kind: 'argv', file: batch, args: safe });
    await host.event(runId, 'ended');
    assert.deepEqual(JSON.parse(readFileSync(result, 'utf8')), safe);
    await assert.rejects(host.start({ kind: 'argv', file: batch, args: ['%PATH%'] }), {
      reason: 'spawnFailed',
    });
  });
});
