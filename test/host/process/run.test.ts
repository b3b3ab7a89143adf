import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { bind, freePort, isAlive, pidsWith, until } from '../../support/processes.js';
import { fixture, TestHost, serverFolder } from '../support/testHost.js';
import { readyRule } from '../../../src/core/readiness/readyRule.js';

describe('a run', () => {
  let host: TestHost;
  beforeEach(() => {
    host = new TestHost();
  });
  afterEach(() => host.end());

  it('has a terminal with size, colors and input, and our marker in its environment', async () => {
    const run = await host.shell(
      'read x; stty size; echo "got $x $TERM $COLORTERM $DEV_SERVER_REGISTRY_ID $ELECTRON_RUN_AS_NODE."; read x; stty size',
    );
    const output = host.watch(run);
    host.client.resize(run, 101, 33);
    host.client.input(run, 'hello\r');
    await output.until(`33 101\r\ngot hello xterm-256color truecolor ${run} .`);
    host.client.resize(run, 90, 20);
    host.client.input(run, '\r');
    await output.until('20 90');
  });

  it('shows its output to a terminal that opens after its end', async () => {
    const run = await host.shell('printf "\\033[32mgreen\\033[0m\\n"');
    await host.event(run, 'ended');
    await host.watch(run).until('\u001b[32mgreen\u001b[0m');
  });

  it('is forgotten when the server begins another one, unless a terminal shows it', async () => {
    const begun = async (word: string): Promise<string> => {
      const run = await host.shell(`echo ${word}`, { serverId: 'again' });
      await host.event(run, 'ended');
      return run;
    };
    const first = await begun('first');
    const second = await begun('second');
    const shown = host.watch(second);
    await shown.until('second');
    const third = await begun('third');
    // Answers arrive in the order of the requests, so no answer for the first run can follow those of the others.
    const forgotten = host.watch(first);
    assert.deepEqual(
      [await replay(host, second), await replay(host, third), forgotten.text()],
      ['second\r\n', 'third\r\n', ''],
    );
  });

  it('keeps the last megabyte of output and begins the replay at a line', async () => {
    const run = await host.shell(
      `${process.execPath} -e 'for (let i = 0; i < 40000; i++) console.log("é line " + i + " ".repeat(40))'; sleep 1000`,
    );
    await until('all output', async () => {
      const text = await replay(host, run);
      return text.includes('line 39999');
    });
    const text = await replay(host, run);
    assert.ok(text.length <= 1024 * 1024 && text.length > 900_000, `${text.length} units`);
    assert.match(text, /^é line \d+ /);
  });

  it('loses no output of a flood that is watched, or says how much a slow terminal did not get', async () => {
    const lines = 60_000;
    const run = await host.shell(
      `stty -echo; echo go; read line; ${process.execPath} -e 'for (let i = 0; i < ${lines}; i++) console.log("x".repeat(50) + i)'; sleep 1000`,
    );
    const flood = Array.from({ length: lines }, (_, index) => `${'x'.repeat(50)}${index}\r\n`);
    const written = `go\r\n${flood.join('')}`;
    let end = 0;
    let isRight = true;
    host.client.attach(run, 80, 24, (data, skippedBytes) => {
      const start = end + skippedBytes;
      end = start + data.length;
      isRight &&= data === written.slice(start, end);
      host.client.acknowledge(run, data.length);
    });
    await until('the start', () => end > 0);
    host.client.input(run, '\r');
    await until('the whole flood', () => end >= written.length);
    assert.deepEqual([isRight, end], [true, written.length]);
  });

  it('keeps running while its output is not acknowledged, and then shows the newest output', async () => {
    const run = await host.shell(
      `${process.execPath} -e 'setInterval(() => process.stdout.write("y".repeat(65536)), 1)'`,
    );
    let shown = 0;
    let skipped = 0;
    host.client.attach(run, 80, 24, (data, skippedBytes) => {
      shown += data.length;
      skipped += skippedBytes;
    });
    await until('more than waits for the terminal', () => shown > 100_000);
    const written = async (): Promise<number> =>
      (await host.client.logs.tail({ id: 'test', cwd: serverFolder }, { lines: 1 }))?.end ?? 0;
    await until('much more output', async () => (await written()) > 5_000_000);
    assert.ok(shown < 1_000_000 && skipped === 0, `${shown} shown, ${skipped} skipped`);
    host.client.acknowledge(run, shown);
    await until('the newest output', () => skipped > 1_000_000);
  });

  it('reports the address that it announces, once it answers there', async () => {
    const port = await freePort();
    const run = await host.shell(
      `${process.execPath} -e 'console.log("Local: http://localhost:${port}/"); setTimeout(() => require("http").createServer((q, s) => s.end()).listen(${port}), 400)'`,
    );
    await host.watch(run).until('Local');
    assert.equal(
      host.events.some(({ kind }) => kind === 'ready'),
      false,
    );
    assert.equal((await host.event(run, 'ready')).endpoint?.url, `http://localhost:${port}/`);
    assert.deepEqual(
      (await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 2000 })).busyPorts,
      [],
    );
    await bind(port);
  });

  it('finds a silent server by the port that the user named', async () => {
    const port = await freePort();
    const run = await host.shell(
      `${process.execPath} -e 'require("http").createServer((q, s) => s.end()).listen(${port}, "::1")'`,
      { port },
    );
    assert.equal((await host.event(run, 'ready')).endpoint?.url, `http://localhost:${port}/`);
  });

  it('reports that another process uses the port if it is not free after a stop', async () => {
    const port = await freePort();
    const run = await host.shell(
      `${process.execPath} -e 'require("http").createServer((q, s) => s.end()).listen(${port}, "::1")'`,
      { port },
    );
    await host.event(run, 'ready');
    const stranger = await listen(port);
    const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 1000 });
    stranger.close();
    assert.deepEqual(report, { forced: false, survivors: [], busyPorts: [port] });
  });

  it('reports its exit and its last lines, without control sequences', async () => {
    const run = await host.shell('printf "\\033]0;title\\007\\033[31mboom\\033[0m\\n"; exit 3');
    const { exit, interrupted, tail } = await host.event(run, 'ended');
    assert.deepEqual(
      { exit, interrupted, tail },
      { exit: { kind: 'code', code: 3 }, interrupted: false, tail: ['boom'] },
    );
  });

  it('reports the signal that ended it', async () => {
    const run = await host.shell('kill -SEGV $$');
    assert.deepEqual((await host.event(run, 'ended')).exit, { kind: 'signal', signal: 'SIGSEGV' });
  });

  it('reports that the user interrupted it', async () => {
    // A shell that has just forked can lose the signal.
    const run = await host.shell('echo go; exec sleep 1000');
    await host.watch(run).until('go');
    host.client.input(run, '\u0003');
    assert.equal((await host.event(run, 'ended')).interrupted, true);
  });

  it('passes arguments unchanged and never to a shell', async () => {
    const words = ['a b', '"', "'", '$(touch /tmp/never)', ';', '`x`', '*', '-x', 'ü', 'new\nline'];
    const run = await host.start({
      kind: 'argv',
      file: process.execPath,
      args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...words],
    });
    await host.watch(run).until(JSON.stringify(words));
  });
});

describe('a start that fails', () => {
  let host: TestHost;
  let folder: string;
  beforeAll(() => {
    host = new TestHost();
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-'));
  });
  afterAll(async () => {
    await host.end();
    rmSync(folder, { recursive: true });
  });

  it('names the command that is missing', async () => {
    await assert.rejects(host.start({ kind: 'argv', file: 'no-such-command', args: [] }), {
      reason: 'spawnFailed',
      message: 'Command not found on the PATH: no-such-command.',
      text: { template: 'Command not found on the PATH: {0}.', args: ['no-such-command'] },
    });
  });

  it('names the folder that is missing', async () => {
    await assert.rejects(host.shell('true', { cwd: join(folder, 'gone') }), {
      reason: 'spawnFailed',
      message: `Folder not found: ${join(folder, 'gone')}.`,
    });
  });

  it('names the file that is not executable', async () => {
    const file = join(folder, 'tool');
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    await assert.rejects(host.start({ kind: 'argv', file: './tool', args: [] }, { cwd: folder }), {
      reason: 'spawnFailed',
      message: `Not executable: ${file}.`,
    });
  });
});

describe('the process host', () => {
  it('stops everything and exits when its channel closes, even if servers ignore signals', async () => {
    const host = new TestHost();
    await Promise.all(
      ['plain', 'ignores signals', 'has a daemon'].map((kind) => host.node(fixture('tree.mjs'), kind)),
    );
    await host.end();
  });

  it('is reported as lost when it is killed, and forked again by the next start', async () => {
    const host = new TestHost();
    await host.shell('sleep 1000');
    const first = host.client.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await until('the loss', () => host.events.some(({ kind }) => kind === 'hostLost'));
    assert.equal(isAlive(first), false);
    await host.shell('sleep 1000');
    assert.notEqual(host.client.pid, first);
    await host.end();
  });

  it('refuses invalid messages, and continues', async () => {
    const host = new TestHost();
    await assert.rejects(
      host.client.start({
        runId: 'x',
        serverId: 'x',
        command: { kind: 'shell', line: 'true' },
        cwd: '/',
        env: {},
        port: undefined,
        ready: readyRule(undefined, undefined),
      }),
      {
        reason: 'badRequest',
      },
    );
    await host.shell('true');
    await host.end();
  });

  it('ends with all its servers when it gets a signal', async () => {
    const host = new TestHost();
    const run = await host.node(fixture('tree.mjs'), 'ignores signals');
    process.kill(host.client.pid ?? 0, 'SIGTERM');
    await until('the end of the server', () => pidsWith(run).length === 0);
    await host.end();
  });
});

/** Returns the output that a terminal shows when it opens. */
async function replay(host: TestHost, run: string): Promise<string> {
  let text = '';
  const close = host.client.attach(run, 80, 24, (data) => {
    text += data;
  });
  await until('the replay', () => text !== '');
  close();
  return text;
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
