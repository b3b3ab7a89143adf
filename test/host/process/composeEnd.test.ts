import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { RunId } from '../../../src/core/server/state.js';
import { freePort } from '../../support/processes.js';
import { skipWithout } from '../../support/skip.js';
import { ToolHost } from '../support/toolHost.js';

/** Stands in for `docker compose up`: asked to end, it takes 1.5 s, and then asks the engine to release the port. */
const client = `
import { writeFileSync } from 'node:fs';
const [port, message] = process.argv.slice(2);
setInterval(() => undefined, 1000);
process.on('SIGTERM', () => setTimeout(async () => {
  await fetch('http://localhost:' + port + '/' + message).catch(() => undefined);
  writeFileSync('goodbye', 'said');
  process.exit(0);
}, 1500));
console.log('http://localhost:' + port + '/');
`;

/** Stands in for the proxy of the engine, which is no process of the server. */
const proxy = `
const port = Number(process.argv.at(-1));
require('node:http').createServer((request, response) => {
  response.end('ok');
  if (request.url === '/release') setTimeout(() => process.exit(0), 100);
}).listen(port, '127.0.0.1', () => console.log('up'));
`;

describe('a client of a container engine', () => {
  let host: ToolHost;
  beforeAll(() => {
    host = new ToolHost();
  });
  afterAll(() => host.end());

  async function publish(port: number): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['-e', proxy, '--', '-host-port', String(port)], {
      argv0: '/usr/bin/docker-proxy',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  for (const line of ['npm run dev', 'true; bash up.sh; true']) {
    for (const message of ['release', 'keep']) {
      const what =
        message === 'release' ? 'releases its port' : 'leaves its port published, which the stop reports';
      it(`gets its time and ${what}: ${line}`, async (context) => {
        skipWithout(context, 'bash');
        const port = await freePort();
        const engine = await publish(port);
        const up = `#!/bin/bash\nexec -a docker node client.mjs ${port} ${message}\n`;
        const scripts = { dev: 'bash up.sh' };
        const cwd = host.tools.project({
          'package.json': { name: 'app', scripts },
          'client.mjs': client,
          'up.sh': up,
        });
        const run = await host.shell(line, {
          cwd,
          env: host.tools.environment(),
          port,
        });
        await host.watch(run).until('http://');
        assert.equal((await host.event(run, 'ready')).endpoint?.listener, 'published');
        const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 200_000 });
        const busyPorts = message === 'release' ? [] : [port];
        engine.kill('SIGKILL');
        if (engine.exitCode === null && engine.signalCode === null) await once(engine, 'exit');
        assert.deepEqual(report, { forced: false, survivors: [], busyPorts });
        assert.equal(readFileSync(join(cwd, 'goodbye'), 'utf8'), 'said');
      });
    }
  }

  it('of Compose gets more time than its grace, since its containers would outlive it, unless it is killed', async (context) => {
    skipWithout(context, 'bash');
    const up = '#!/bin/bash\nexec -a docker-compose node client.mjs 1 none\n';
    const cwd = host.tools.project({ 'client.mjs': client, 'up.sh': up });
    const start = async (): Promise<RunId> => {
      const run = await host.shell('true; bash up.sh; true', { cwd, env: host.tools.environment() });
      await host.watch(run).until('http://');
      return run;
    };
    const run = await start();
    const stopped = host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 100 });
    const { leftMs } = await host.event(run, 'stopGrace');
    assert.ok(leftMs > 20_000 && leftMs <= 30_000, `${leftMs} ms left`);
    await stopped;
    assert.equal(readFileSync(join(cwd, 'goodbye'), 'utf8'), 'said');
    rmSync(join(cwd, 'goodbye'));
    const other = await start();
    const stop = host.client.stop({ runId: other, signal: 'SIGTERM', graceMs: 100 });
    const shortened = host.client.stop({ runId: other, signal: 'SIGTERM', graceMs: 50 });
    const killed = host.client.stop({ runId: other, signal: 'SIGTERM', graceMs: 0 });
    assert.deepEqual(
      (await Promise.all([stop, shortened, killed])).map(({ forced }) => forced),
      [true, true, true],
    );
    assert.ok(!existsSync(join(cwd, 'goodbye')));
  });

  it('of Compose leaves its parent the grace after its own end', async (context) => {
    skipWithout(context, 'bash');
    const parent = `
      import { spawn } from 'node:child_process';
      process.on('SIGTERM', () => undefined);
      const child = spawn('bash', ['-c', 'exec -a docker-compose node client.mjs 1 none'], { stdio: 'inherit' });
      child.on('exit', () => setTimeout(() => process.exit(0), 300));
    `;
    const cwd = host.tools.project({ 'client.mjs': client, 'parent.mjs': parent });
    const run = await host.shell('node parent.mjs', { cwd, env: host.tools.environment() });
    await host.watch(run).until('http://');
    const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 1400 });
    assert.deepEqual([report.forced, readFileSync(join(cwd, 'goodbye'), 'utf8')], [false, 'said']);
  });

  it('is not ready while the engine accepts connections for a server that does not listen yet', async (context) => {
    skipWithout(context, 'bash');
    const port = await freePort();
    const late = `
      let isUp = false;
      process.stdin.once('data', () => (isUp = true));
      const server = require('node:http').createServer((request, response) => response.end('ok'));
      let closed = 0;
      require('node:net').createServer((socket) => {
        if (isUp) return server.emit('connection', socket);
        socket.destroy();
        if (++closed === 12) console.log('closed');
      }).listen(${port}, '127.0.0.1', () => console.log('up'));
    `;
    const engine = spawn(process.execPath, ['-e', late, '--', '-host-port', String(port)], {
      argv0: '/usr/bin/docker-proxy',
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(engine.stdout, 'data');
      const up = `#!/bin/bash\nexec -a docker node client.mjs ${port} none\n`;
      const cwd = host.tools.project({ 'client.mjs': client, 'up.sh': up });
      const run = await host.shell('bash up.sh', { cwd, env: host.tools.environment(), port });
      await Promise.race([once(engine.stdout, 'data'), host.event(run, 'ready')]);
      engine.stdin.write('up');
      assert.equal((await host.event(run, 'ready')).endpoint?.url, `http://localhost:${port}/`);
      await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 0 });
    } finally {
      engine.kill('SIGKILL');
      if (engine.exitCode === null && engine.signalCode === null) await once(engine, 'exit');
    }
  });
});
