import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createServer, get } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { Endpoint } from '../../../src/core/readiness/endpoint.js';
import type { RunId } from '../../../src/core/server/state.js';
import { freePort, isAlive, until } from '../../support/processes.js';
import { fixture, TestHost } from '../support/testHost.js';

describe('the addresses of one server', () => {
  let host: TestHost;
  beforeEach(() => {
    host = new TestHost();
  });
  afterEach(() => host.end());

  /** Returns two free ports, the lower one first. */
  const twoPorts = async (): Promise<readonly [number, number]> => {
    const [one, other] = [await freePort(), await freePort()];
    return one < other ? [one, other] : [other, one];
  };

  /** Starts child processes at once, as a task runner does. */
  const serveAll = (...children: (readonly Record<string, unknown>[])[]): Promise<RunId> =>
    host.start({
      kind: 'argv',
      file: process.execPath,
      args: [fixture('server.mjs'), JSON.stringify(children.map((steps) => ({ child: { steps } })))],
    });

  const latest = (run: RunId): Endpoint | undefined =>
    host.events
      .flatMap((event) => (event.kind === 'ready' && event.runId === run ? [event.endpoint] : []))
      .at(-1);

  const addresses = async (run: RunId, count: number): Promise<readonly (string | undefined)[]> => {
    await until(`${count} addresses`, () => {
      const endpoint = latest(run);
      return endpoint !== undefined && (endpoint.otherUrls ?? []).length === count - 1;
    });
    const endpoint = latest(run);
    return [endpoint?.url, ...(endpoint?.otherUrls ?? [])];
  };

  it('exclude those of a daemon that its build has started, as Gradle does', async () => {
    const port = await freePort();
    const daemon = `require('net').createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')`;
    const server = `
      const options = { detached: true, stdio: 'ignore' };
      require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(daemon)}], options).unref();
      setTimeout(() => require('http').createServer((_, response) => response.end()).listen(${port}), 1500);
    `;
    const run = await host.start({ kind: 'argv', file: process.execPath, args: ['-e', server] });
    const { endpoint } = await host.event(run, 'ready');
    assert.deepEqual([endpoint?.url, endpoint?.otherUrls], [`http://localhost:${port}/`, undefined]);
  });

  it('exclude sockets that its processes use among themselves, as wrangler and workerd do', async () => {
    const port = await freePort();
    const run = await serveAll([
      { print: 'worker 4.0' },
      { listen: { port: 0, host: '127.0.0.1' } },
      { sleep: 1500 },
      { listen: { port } },
      { print: `Ready on http://localhost:${port}` },
    ]);
    const { endpoint } = await host.event(run, 'ready');
    assert.deepEqual([endpoint?.url, endpoint?.otherUrls], [`http://localhost:${port}/`, undefined]);
  });

  it('exclude such a socket once a tool that printed nothing before announces an address', async () => {
    const port = await freePort();
    const run = await serveAll([
      { listen: { port: 0, host: '127.0.0.1' } },
      { wait: true },
      { listen: { port } },
      { print: `Ready on http://localhost:${port}` },
    ]);
    assert.equal((await host.event(run, 'ready')).endpoint?.listener, 'own');
    host.client.input(run, '\r');
    await until('the announced address', () => latest(run)?.url === `http://localhost:${port}/`);
    assert.equal(latest(run)?.otherUrls, undefined);
  });

  for (const isPageLate of [false, true]) {
    it(`are the page before the API, also when the page is ${isPageLate ? 'later' : 'earlier'}`, async () => {
      const [api, page] = await twoPorts();
      const delay = (isLate: boolean) => ({ sleep: isLate ? 800 : 0 });
      const run = await serveAll(
        [delay(!isPageLate), { listen: { port: api } }, { print: `API ready at http://localhost:${api}` }],
        [
          delay(isPageLate),
          { listen: { port: page, page: true } },
          { print: `[web]   ➜  Web:   http://localhost:${page}/app/` },
        ],
      );
      assert.deepEqual(await addresses(run, 2), [
        `http://localhost:${page}/app/`,
        `http://localhost:${api}/`,
      ]);
    });

    it(`are the same from start to start, also when the first is ${isPageLate ? 'later' : 'earlier'}`, async () => {
      const [first, second] = await twoPorts();
      const steps = (port: number, isLate: boolean) => [
        { sleep: isLate ? 800 : 0 },
        { listen: { port, page: true } },
        { print: `  Local:   http://localhost:${port}/` },
      ];
      const run = await serveAll(steps(second, !isPageLate), steps(first, isPageLate));
      assert.deepEqual(await addresses(run, 2), [
        `http://localhost:${first}/`,
        `http://localhost:${second}/`,
      ]);
    });
  }

  it('lose one whose process has exited, while the first stays', async () => {
    const [api, page] = await twoPorts();
    const run = await serveAll(
      [
        { listen: { port: api } },
        { print: `API ready at http://localhost:${api}` },
        { wait: true },
        { kill: 'SIGKILL' },
      ],
      [{ listen: { port: page, page: true } }, { print: `  Local:   http://localhost:${page}/` }],
    );
    assert.deepEqual(await addresses(run, 2), [`http://localhost:${page}/`, `http://localhost:${api}/`]);
    host.client.input(run, '\r');
    assert.deepEqual(await addresses(run, 1), [`http://localhost:${page}/`]);
  });

  it('prefer localhost to the numeric addresses of the same port', async () => {
    const port = await freePort();
    const run = await serveAll([
      { listen: { port, host: '::' } },
      { print: `Loopback: http://[::1]:${port}/, http://127.0.0.1:${port}/, http://localhost:${port}/` },
    ]);
    assert.deepEqual(await addresses(run, 1), [`http://localhost:${port}/`]);
  });

  it('have the printed host name if that is this machine', async () => {
    const port = await freePort();
    const run = await serveAll([
      { listen: { port, host: '127.0.0.1' } },
      { print: `  ➜  Local:   http://app.localhost:${port}/x/` },
    ]);
    assert.deepEqual(await addresses(run, 1), [`http://app.localhost:${port}/x/`]);
  });

  it('begin with the name that a proxy gives the server, if it leads to the server', async () => {
    const [port, other, proxyPort] = [await freePort(), await freePort(), await freePort()];
    const proxy = createServer((request, response) => {
      const name = request.headers.host?.split('.')[0];
      const target = { port: name === 'two' ? port : other, headers: { host: request.headers.host } };
      get({ host: '127.0.0.1', ...target }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }).on('error', () => response.writeHead(502).end());
    });
    await new Promise<void>((resolve) => proxy.listen(proxyPort, '127.0.0.1', resolve));
    const run = await serveAll([
      { print: `API at http://one.localhost:${proxyPort}` },
      { print: `  -> http://two.localhost:${proxyPort}` },
      { listen: { port, page: true } },
      { print: `Listening on http://localhost:${port}/` },
    ]);
    const found = await addresses(run, 2);
    proxy.close();
    proxy.closeAllConnections();
    assert.deepEqual(found, [`http://two.localhost:${proxyPort}/`, `http://localhost:${port}/`]);
  });

  it('are marked as shared with a program that listens on the same one', async ({ skip }) => {
    // Elsewhere the option does not distribute connections, and the program below may be missing.
    if (process.platform !== 'linux' || spawnSync('python3', ['--version']).error) return skip();
    const port = await freePort();
    const sharing = `import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
s.bind(('127.0.0.1', ${port}))
s.listen(50)
print('up http://localhost:${port}/', flush=True)
while True:
    c, _ = s.accept()
    c.recv(1000)
    c.sendall(b'HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\nconnection: close\\r\\n\\r\\nok')
    c.close()
`;
    const foreign = spawn('python3', ['-c', sharing], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => foreign.stdout.once('data', resolve));
    const run = await host.start({ kind: 'argv', file: 'python3', args: ['-c', sharing] });
    const { endpoint } = await host.event(run, 'ready');
    foreign.kill('SIGKILL');
    await until('the end of the other program', () => !isAlive(foreign.pid ?? 0));
    assert.deepEqual(
      [endpoint?.url, endpoint?.contested, endpoint?.isShared],
      [`http://localhost:${port}/`, true, true],
    );
  });
});
