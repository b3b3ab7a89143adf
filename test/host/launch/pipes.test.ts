import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { isFree, freePort, until } from '../../support/processes.js';
import { hostPath, TestHost } from '../support/testHost.js';

describe('a server on a system for which node-pty has no binary', () => {
  let folder: string;
  let host: TestHost;
  // As on musl: the binary is there, and the system cannot load it.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-pipes-'));
    cpSync(hostPath, join(folder, 'host.js'));
    cpSync(join(dirname(hostPath), 'node-pty'), join(folder, 'node-pty'), { recursive: true });
    const prebuilds = join(folder, 'node-pty', 'prebuilds');
    for (const name of readdirSync(prebuilds)) writeFileSync(join(prebuilds, name, 'pty.node'), 'none');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    host = new TestHost({ hostPath: join(folder, 'host.js') });
  });
  afterEach(() => host.end());

  it('has a terminal through the node-pty of the editor, if that can be loaded', async () => {
    const editorFolder = join(folder, 'editor');
    const target = join(editorFolder, 'node_modules', 'node-pty');
    cpSync(join(dirname(hostPath), 'node-pty'), target, { recursive: true });
    const other = new TestHost({ hostPath: join(folder, 'host.js'), editorFolder });
    const run = await other.shell('test -t 1 && echo terminal');
    assert.deepEqual((await other.event(run, 'ended')).tail, ['terminal']);
    await other.end();
  });

  it('runs with pipes, and the first server says so', async () => {
    const port = await freePort();
    const script = `
      require('http').createServer((_, response) => response.end('hello')).listen(${port}, '127.0.0.1', () => {
        console.log('tty', process.stdout.isTTY === true, '\\nhttp://127.0.0.1:${port}/');
      });
      process.stdin.on('data', (keys) => console.log('keys', String(keys)));`;
    const run = await host.start({ kind: 'argv', file: process.execPath, args: ['-e', script] });
    const output = host.watch(run);
    assert.equal((await host.event(run, 'ready')).endpoint?.url, `http://127.0.0.1:${port}/`);
    host.client.input(run, 'a');
    await output.until('keys a');
    const lines = output.text().split('\r\n');
    assert.match(
      lines[0] ?? '',
      /^Servers run without a terminal on this system, .*: node-pty cannot be loaded \(.+\)\.$/,
    );
    assert.deepEqual(lines.slice(1), ['tty false ', `http://127.0.0.1:${port}/`, 'keys a', '']);
    assert.deepEqual(await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 }), {
      forced: false,
      survivors: [],
      busyPorts: [],
    });
    assert.equal(await isFree(port), true);
  });

  it('reports its exit with all of its output, and a later server shows no message', async () => {
    const first = await host.shell('echo one; exit 3');
    assert.deepEqual((await host.event(first, 'ended')).exit, { kind: 'code', code: 3 });
    const second = await host.shell('echo two; kill -KILL $$');
    const { exit, tail } = await host.event(second, 'ended');
    assert.deepEqual([exit, tail], [{ kind: 'signal', signal: 'SIGKILL' }, ['two']]);
  });

  it('ends with its child processes', async () => {
    const run = await host.shell('sleep 1000 & sleep 1000 & echo up; wait');
    await host.watch(run).until('up');
    await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 });
    await until('its end', () => host.events.some(({ kind }) => kind === 'ended'));
  });
});
