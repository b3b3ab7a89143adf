import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { pidsWith, until } from '../../support/processes.js';
import { skipWithLsofOfLinux } from '../../support/skip.js';
import { fixture } from '../support/testHost.js';
import { ToolHost } from '../support/toolHost.js';

const serve = {
  continuous: true,
  executor: 'nx:run-commands',
  options: { command: 'node server.js', cwd: 'apps/one' },
};

const workspace = {
  'package.json': { name: 'root', private: true, version: '0.0.0' },
  'nx.json': { plugins: [] },
  'apps/one/project.json': { name: 'one', root: 'apps/one', targets: { serve } },
  'apps/one/server.js': `
const server = require('node:http').createServer((_, response) => response.end('ok'));
server.listen(0, '127.0.0.1', () => console.log('listens on ' + server.address().port));
`,
};

describe('the daemon of nx', () => {
  let host: ToolHost;
  beforeAll(() => {
    host = new ToolHost();
  });
  afterAll(() => host.end());

  it('keeps running for nx watch when the nx serve that started it is stopped, and ends with nx watch', async (context) => {
    skipWithLsofOfLinux(context);
    const cwd = host.tools.project(workspace);
    const env = { ...host.tools.environment(), NX_DAEMON: 'true', CI: 'false' };
    const served = await host.shell('nx serve one', { cwd, env, serverId: 'serve' });
    await host.watch(served).until('listens on');
    const watching = await host.shell('nx watch --all --verbose -- echo changed', {
      cwd,
      env,
      serverId: 'watch',
    });
    const output = host.watch(watching);
    await output.until('watch process waiting');
    const plan = { signal: 'SIGTERM', graceMs: 200_000 } as const;
    const clean = { forced: false, survivors: [], busyPorts: [] };
    assert.deepEqual(await host.client.stop({ runId: served, ...plan }), clean);
    assert.notDeepEqual(pidsWith(served), [], 'the daemon lives');
    await until('the daemon in the diagnostics', async () =>
      (await host.client.describeLedger()).some((line) => /^left running on purpose: .*nx/.test(line)),
    );
    await until('nx watch sees a change', () => {
      writeFileSync(join(cwd, 'apps/one/change.txt'), String(performance.now()));
      return /^changed/m.test(output.text());
    });
    assert.deepEqual(await host.client.stop({ runId: watching, ...plan }), clean);
    assert.deepEqual([...pidsWith(served), ...pidsWith(watching)], []);
    assert.doesNotMatch(output.text(), /closed the connection/);
  });

  it('leaves its tasks the time to shut down', async () => {
    const command = `cd . && node '${fixture('slowEnd.mjs')}'`;
    const task = { ...serve, options: { command } };
    const project = { name: 'one', root: 'apps/one', targets: { serve: task } };
    const cwd = host.tools.project({ ...workspace, 'apps/one/project.json': project });
    const ends = join(cwd, 'ends');
    const run = await host.shell('nx serve one', {
      cwd,
      env: { ...host.tools.environment(), SLOW_END_FILE: ends },
    });
    await host.watch(run).until(' listens');
    const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 200_000 });
    assert.deepEqual(report, { forced: false, survivors: [], busyPorts: [] });
    assert.equal(readFileSync(ends, 'utf8'), 'server: clean end after SIGINT\n');
  });
});
