import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { Endpoint, ReadinessProblem } from '../../../src/core/readiness/endpoint.js';
import type { RunId } from '../../../src/core/server/state.js';
import { freePort, isAlive, until } from '../../support/processes.js';
import { TestTools } from '../support/testTools.js';
import { fixture, TestHost } from '../support/testHost.js';

type Step = Readonly<Record<string, unknown>>;

describe('a port that another program uses', () => {
  let host: TestHost;
  let port: number;
  let folder: string;
  let foreign: ChildProcess | undefined;
  beforeEach(async () => {
    host = new TestHost();
    port = await freePort();
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-taken-'));
  });
  afterEach(async () => {
    await endForeign();
    await host.end();
    rmSync(folder, { recursive: true });
  });

  const steps = (list: readonly Step[]): string[] => [fixture('server.mjs'), JSON.stringify(list)];

  const serve = (list: readonly Step[]): Promise<RunId> =>
    host.start({ kind: 'argv', file: process.execPath, args: steps(list) });

  const holdPort = async (): Promise<number> => {
    foreign = spawn(process.execPath, steps([{ listen: { port } }, { print: 'up' }]), {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => foreign?.stdout?.once('data', resolve));
    return foreign.pid ?? 0;
  };

  const endForeign = async (): Promise<void> => {
    foreign?.kill('SIGKILL');
    await until('the end of the other program', () => !foreign || !isAlive(foreign.pid ?? 0));
    foreign = undefined;
  };

  const problems = (run: RunId): ReadinessProblem[] =>
    host.events.flatMap((event) =>
      event.kind === 'unhealthy' && event.runId === run ? [event.problem] : [],
    );

  it('is no conflict for a server that only mentions it', async () => {
    await holdPort();
    const own = await freePort();
    const run = await serve([
      { print: `Using issuer http://localhost:${port}/realms/dev` },
      { print: `API_URL: http://localhost:${port}` },
      { print: `Keycloak is running at http://localhost:${port}` },
      { sleep: 3000 },
      { listen: { port: own } },
      { print: `Now listening on: http://localhost:${own}` },
    ]);
    const { endpoint } = await host.event(run, 'ready');
    assert.deepEqual([endpoint?.url, problems(run)], [`http://localhost:${own}/`, []]);
  });

  it('is named while a watcher waits, which is ready once it can listen', async () => {
    const pid = await holdPort();
    const file = join(folder, 'server.mjs');
    const source = `import { createServer } from 'node:http';
createServer((request, response) => response.end('ok')).listen(${port});
`;
    writeFileSync(file, source);
    const run = await host.start({ kind: 'argv', file: process.execPath, args: ['--watch', file] });
    const { problem } = await host.event(run, 'unhealthy');
    assert.deepEqual(problem, { kind: 'conflict', port, holder: { pid, name: 'node' } });
    await endForeign();
    await until('the end of the conflict', () => problems(run).length > 1);
    assert.deepEqual(
      problems(run).map(({ kind }) => kind),
      ['conflict', 'timeout'],
    );
    writeFileSync(file, `${source}// changed\n`);
    const { endpoint } = await host.event(run, 'ready');
    assert.equal(endpoint?.url, `http://localhost:${port}/`);
  });

  it('is named while the server asks whether to use another one', async () => {
    const pid = await holdPort();
    const moved = await freePort();
    const run = await host.start({
      kind: 'argv',
      file: process.execPath,
      args: [
        '-e',
        `process.stdout.write('Port ${port} is already in use. Would you like to use a different port? (Y/n) ');
        process.stdin.once('data', () => require('http').createServer((q, r) => r.end()).listen(${moved}))`,
      ],
    });
    const { problem } = await host.event(run, 'unhealthy');
    assert.deepEqual(problem, { kind: 'conflict', port, holder: { pid, name: 'node' } });
    host.client.input(run, 'Y\r');
    const { endpoint } = await host.event(run, 'ready');
    assert.equal(endpoint?.url, `http://localhost:${moved}/`);
  });

  it('is no conflict for a server that switches to another port on its own', async () => {
    await holdPort();
    const moved = await freePort();
    const run = await serve([
      { print: `Port ${port} is in use, trying another one...` },
      { sleep: 1500 },
      { listen: { port: moved } },
      { print: `  Local:   http://localhost:${moved}/` },
    ]);
    const { endpoint } = await host.event(run, 'ready');
    assert.deepEqual([endpoint?.url, problems(run)], [`http://localhost:${moved}/`, []]);
  });

  /** Endpoints at which the run was ready, one after the other. */
  const endpoints = (run: RunId): (Endpoint | undefined)[] =>
    host.events.flatMap((event) => (event.kind === 'ready' && event.runId === run ? [event.endpoint] : []));

  for (const { name, line, isFirst } of [
    {
      name: 'before its page is ready',
      line: '[api] Error: listen EADDRINUSE: address already in use',
      isFirst: true,
    },
    {
      name: 'after that, with a name',
      line: 'api:dev: Error: listen EADDRINUSE: address already in use',
      isFirst: false,
    },
    {
      name: 'after that, without a name',
      line: 'Error: listen EADDRINUSE: address already in use',
      isFirst: false,
    },
  ]) {
    it(`is named for a part of a server whose page answers, ${name}, until it is free`, async () => {
      const pid = await holdPort();
      const own = await freePort();
      const complain = { print: `${line} :::${port}` };
      const page = [{ listen: { port: own } }, { print: `[web] Local: http://localhost:${own}/` }];
      const run = await serve([
        ...(isFirst ? [complain, { wait: true }, ...page] : [...page, { wait: true }, complain]),
        { wait: true },
        { listen: { port } },
        { print: `[api] Listening on http://localhost:${port}/` },
      ]);
      if (isFirst) await host.watch(run).until('EADDRINUSE');
      else await host.event(run, 'ready');
      host.client.input(run, '\r');
      await until('the conflict', () => endpoints(run).at(-1)?.conflict !== undefined);
      const { url, conflict } = endpoints(run).at(-1) ?? {};
      assert.deepEqual(
        { url, conflict },
        { url: `http://localhost:${own}/`, conflict: { port, holder: { pid, name: 'node' } } },
      );
      await endForeign();
      host.client.input(run, '\r');
      await until('its end', () => endpoints(run).at(-1)?.conflict === undefined);
    });
  }

  it('is named for the API that concurrently starts beside a page', async () => {
    const pid = await holdPort();
    const own = await freePort();
    const tools = new TestTools();
    const scripts = {
      dev: 'concurrently --names api,web "node api.js" "node web.js"',
    };
    const api = `require('http').createServer().listen(${port});`;
    const web = `require('http').createServer((q, r) => r.setHeader('content-type', 'text/html').end('<p>'))
      .listen(${own}, () => console.log('Local: http://localhost:${own}/'));`;
    const project = tools.project({ 'package.json': { scripts }, 'api.js': api, 'web.js': web });
    const run = await host.shell('npm run dev', { cwd: project, env: tools.environment() });
    await until('the conflict', () => endpoints(run).at(-1)?.conflict !== undefined);
    const { url, conflict } = endpoints(run).at(-1) ?? {};
    assert.deepEqual(
      { url, conflict },
      { url: `http://localhost:${own}/`, conflict: { port, holder: { pid, name: 'node' } } },
    );
    // The API does not try again and prints nothing.
    await endForeign();
    await until('the end of the conflict', () => endpoints(run).at(-1)?.conflict === undefined);
    await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 60_000 });
    tools.end();
  });

  it('is the one on which the server said that it starts, if its complaint names none', async () => {
    const pid = await holdPort();
    const run = await serve([
      { print: `Starting development server at http://127.0.0.1:${port}/` },
      { print: 'Error: That port is already in use.' },
      { wait: true },
      { exit: 1 },
    ]);
    const { problem } = await host.event(run, 'unhealthy');
    assert.deepEqual(problem, { kind: 'conflict', port, holder: { pid, name: 'node' } });
    host.client.input(run, '\r');
    const { addressInUse } = await host.event(run, 'ended');
    assert.deepEqual(addressInUse, { port });
  });

  it('is not one that a server only mentions before it complains', async () => {
    await holdPort();
    const run = await serve([
      { print: `Keycloak is running at http://localhost:${port}/` },
      { print: 'OSError: [Errno 98] Address already in use' },
      { wait: true },
      { exit: 1 },
    ]);
    const { problem } = await host.event(run, 'unhealthy');
    assert.deepEqual(problem, { kind: 'conflict', port: undefined, holder: undefined });
    host.client.input(run, '\r');
    const { addressInUse } = await host.event(run, 'ended');
    assert.equal(addressInUse?.port, undefined);
  });

  it('is known at the end of a server whose last lines do not name it', async () => {
    await holdPort();
    const run = await serve([
      { print: `app:dev: Error: listen EADDRINUSE: address already in use :::${port}` },
      { print: 'more output\n'.repeat(60) },
      { exit: 1 },
    ]);
    const { addressInUse } = await host.event(run, 'ended');
    assert.deepEqual(addressInUse, { port, isOfTask: true });
  });

  it('is not the cause of the end of a server that has been ready since', async () => {
    const run = await serve([
      { print: `Error: listen EADDRINUSE: address already in use :::${port}` },
      { wait: true },
      { listen: { port } },
      { print: `Listening on http://localhost:${port}/` },
      { wait: true },
      { exit: 1 },
    ]);
    await host.watch(run).until('EADDRINUSE');
    host.client.input(run, '\r');
    await host.event(run, 'ready');
    host.client.input(run, '\r');
    const { addressInUse } = await host.event(run, 'ended');
    assert.equal(addressInUse, undefined);
  });
});
