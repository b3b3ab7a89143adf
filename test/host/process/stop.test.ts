import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { isAlive, pidsWith, until } from '../../support/processes.js';
import { fixture, TestHost } from '../support/testHost.js';

const tree = fixture('tree.mjs');

describe('a stop', () => {
  let host: TestHost;
  beforeEach(() => {
    host = new TestHost();
  });
  afterEach(() => host.end());

  const polite = [
    'plain',
    'needs a second to end',
    'is suspended',
    'has a grandchild in another session',
    'has a daemon',
    'has a chain of children',
    'restarts its child',
    'has a child without our environment',
  ];
  for (const kind of polite) {
    it(`ends a server that ${kind === 'plain' ? 'is a plain process' : kind}, without force`, async () => {
      const run = await host.node(tree, kind);
      await host.watch(run).until('ready');
      assert.deepEqual(await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 }), {
        forced: false,
        survivors: [],
        busyPorts: [],
      });
      assert.deepEqual(pidsWith(run), []);
    });
  }

  it('ends a child in a session of its own that is only known by its parent, which ends first', async () => {
    const script = `const child = require('child_process').spawn('/bin/sleep', ['1000'], { detached: true, env: {} }); console.log('child ' + child.pid + '.')`;
    const run = await host.shell(`${process.execPath} -e "${script}"`);
    const output = host.watch(run);
    await output.until('.');
    const child = Number(/child (\d+)\./.exec(output.text())?.[1]);
    assert.ok(isAlive(child));
    const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 });
    assert.deepEqual([report.survivors, isAlive(child)], [[], false]);
  });

  for (const kind of ['ignores signals', 'starts twenty children when it is stopped']) {
    it(`ends a server that ${kind}, by force after the grace`, async () => {
      const run = await host.node(tree, kind);
      await host.watch(run).until('ready');
      const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 300 });
      assert.deepEqual([report.forced, report.survivors, pidsWith(run)], [true, [], []]);
    });
  }

  // Many programs abort their shutdown at a second request.
  for (const kind of ['counts how often it is asked to end', 'ends before its child, which counts']) {
    it(`asks a server once that ${kind}`, async () => {
      const file = join(host.logFolder, 'asked');
      const run = await host.node(tree, kind, file);
      await host.watch(run).until('ready');
      const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 });
      assert.deepEqual([readFileSync(file, 'utf8'), report.forced], ['1', false]);
    });
  }

  it('ends a server that exits only on SIGINT by that signal, without force', async () => {
    const run = await host.node(tree, 'exits only on SIGINT');
    await host.watch(run).until('ready');
    assert.deepEqual(await host.client.stop({ runId: run, signal: 'SIGINT', graceMs: 5000 }), {
      forced: false,
      survivors: [],
      busyPorts: [],
    });
    assert.deepEqual(pidsWith(run), []);
  });

  it('ends a server at once by SIGKILL', async () => {
    const run = await host.node(tree, 'ignores signals');
    await host.watch(run).until('ready');
    const report = await host.client.stop({ runId: run, signal: 'SIGKILL', graceMs: 0 });
    assert.deepEqual([report.survivors, pidsWith(run)], [[], []]);
  });

  const shells = {
    'npm, a shell and a script': `npm exec --offline -c '${process.execPath} ${tree} plain'`,
    nohup: `nohup ${process.execPath} ${tree} plain > /dev/null & wait`,
    'a shell that starts it again and again': `while :; do ${process.execPath} ${tree} plain; done`,
    'an interactive shell with jobs': `bash -ic '${process.execPath} ${tree} plain & sleep 1000'`,
  };
  for (const [name, line] of Object.entries(shells)) {
    it(`ends a server behind ${name}`, async () => {
      const run = await host.shell(line);
      await until('a node process', () => pidsWith(run).length > 2);
      const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 2000 });
      assert.deepEqual([report.survivors, pidsWith(run)], [[], []]);
    });
  }

  for (const kind of ['leaves a child behind', 'launches a daemon and exits']) {
    it(`is not needed for a server that ${kind}: what is left ends with it`, async () => {
      const run = await host.node(tree, kind);
      const ended = await host.event(run, 'ended');
      assert.deepEqual([ended.exit, ended.survivors, pidsWith(run)], [{ kind: 'code', code: 0 }, [], []]);
    });
  }

  it('gets the same result when it is called twice', async () => {
    const run = await host.node(tree, 'needs a second to end');
    await host.watch(run).until('ready');
    const reports = await Promise.all(
      [1, 2].map(() => host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 })),
    );
    assert.deepEqual(reports[0], reports[1]);
  });

  it('shortens its grace when a second call has a shorter one', async () => {
    const run = await host.node(tree, 'ignores signals');
    await host.watch(run).until('ready');
    const patient = host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 600_000 });
    const impatient = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 100 });
    assert.deepEqual([impatient.forced, await patient, pidsWith(run)], [true, impatient, []]);
  });

  it('does nothing for an unknown run', async () => {
    await host.node(tree, 'plain');
    const report = await host.client.stop({ runId: 'never-started', signal: 'SIGTERM', graceMs: 100 });
    assert.deepEqual(report, { forced: false, survivors: [], busyPorts: [] });
  });
});
