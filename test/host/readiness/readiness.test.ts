import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { ProcessEvent } from '../../../src/core/lifecycle/processHost.js';
import { readyRule, type ReadyOverrides } from '../../../src/core/readiness/readyRule.js';
import type { RunId } from '../../../src/core/server/state.js';
import { freePort, isAlive, pidsWith, until } from '../../support/processes.js';
import { fixture, TestHost } from '../support/testHost.js';
import type { Endpoint } from '../../../src/core/readiness/endpoint.js';

type Step = Readonly<Record<string, unknown>>;

describe('URL, port, readiness', () => {
  let host: TestHost;
  let port: number;
  const foreignServers: ChildProcess[] = [];
  beforeEach(async () => {
    host = new TestHost();
    port = await freePort();
  });
  afterEach(async () => {
    for (const foreign of foreignServers.splice(0)) {
      foreign.kill('SIGKILL');
      await until('the end of the foreign server', () => !isAlive(foreign.pid ?? 0));
    }
    await host.end();
  });

  /** Starts the server of the fixtures in a run. */
  const serve = (steps: readonly Step[], ready: Partial<ReadyOverrides> = {}): Promise<RunId> =>
    host.start(
      { kind: 'argv', file: process.execPath, args: [fixture('server.mjs'), JSON.stringify(steps)] },
      {
        ready: readyRule(
          { http: undefined, tcp: undefined, log: undefined, timeout: undefined, ...ready },
          60,
        ),
      },
    );

  const readyAt = async (run: RunId): Promise<Endpoint | undefined> =>
    (await host.event(run, 'ready')).endpoint;

  const addressOf = async (run: RunId): Promise<string | undefined> => (await readyAt(run))?.url;

  /** Waits until the last event of the run is of that kind, and returns it. */
  const last = async (run: RunId, kind: ProcessEvent['kind']): Promise<ProcessEvent> => {
    const latest = (): ProcessEvent | undefined =>
      host.events.findLast((event) => event.kind !== 'hostLost' && event.runId === run);
    await until(`${kind} last of ${run}`, () => latest()?.kind === kind);
    return latest() as ProcessEvent;
  };

  /**
   * Starts the server with growing time limits until it ends in these attempts, and returns that run: on a busy
   * machine, a short limit may be over before the server has started.
   */
  const timeOut = async (
    steps: readonly Step[],
    ready: Partial<ReadyOverrides>,
    attempts: readonly unknown[],
  ): Promise<{ readonly run: RunId; readonly endpoint: Endpoint | undefined }> => {
    for (const timeout of [1, 4, 16, 64]) {
      const run = await serve(steps, { ...ready, timeout });
      const { problem, endpoint } = await host.event(run, 'unhealthy');
      const expected = { kind: 'timeout', seconds: timeout, attempts };
      if (isDeepStrictEqual(problem, expected)) return { run, endpoint };
      if (timeout === 64) assert.deepEqual(problem, expected);
      await host.end();
      host = new TestHost();
    }
    throw new Error('unreachable');
  };

  /** Starts the same server outside any run. */
  const startForeign = async (steps: readonly Step[]): Promise<ChildProcess> => {
    const child = spawn(
      process.execPath,
      [fixture('server.mjs'), JSON.stringify([...steps, { print: 'up' }])],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    foreignServers.push(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    return child;
  };

  describe('a server on', () => {
    const hosts = { '::1 only': '::1', '127.0.0.1 only': '127.0.0.1', 'all of IPv4': '0.0.0.0', all: '::' };
    for (const [where, address] of Object.entries(hosts)) {
      it(`${where} is ready`, async () => {
        const run = await serve([{ listen: { port, host: address } }, { print: `http://localhost:${port}` }]);
        assert.deepEqual(await readyAt(run), {
          url: `http://localhost:${port}/`,
          listener: 'own',
          pid: (await host.event(run, 'spawned')).process.pid,
          contested: false,
        });
      });
    }

    it('https is ready, also when it has not said so', async () => {
      const run = await serve([
        { listen: { port, kind: 'https' } },
        { print: `Local: https://localhost:${port}/` },
      ]);
      assert.equal(await addressOf(run), `https://localhost:${port}/`);
      const other = await freePort();
      const silent = await serve([{ listen: { port: other, kind: 'https' } }]);
      assert.equal(await addressOf(silent), `https://localhost:${other}/`);
    });
  });

  describe('an address', () => {
    it('printed before a socket listens is not ready until then', async () => {
      const run = await serve([
        { print: `Local: http://localhost:${port}/` },
        { wait: true },
        { listen: { port } },
      ]);
      const output = host.watch(run);
      await output.until('Local');
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal((await last(run, 'spawned')).kind, 'spawned');
      host.client.input(run, '\r');
      assert.equal(await addressOf(run), `http://localhost:${port}/`);
    });

    it('that answers 500 while it compiles is ready with the first answer from 200 to 499', async () => {
      const run = await serve([
        { listen: { port, statuses: [500, 503, 200] } },
        { print: `http://localhost:${port}/` },
      ]);
      const output = host.watch(run);
      assert.equal(await addressOf(run), `http://localhost:${port}/`);
      await until('three questions', () => output.text().match(/GET \//g)?.length === 3);
    });

    for (const status of [404, 401, 302]) {
      it(`that answers ${status}, and refuses HEAD, is ready`, async () => {
        const run = await serve([
          { listen: { port, statuses: [status] } },
          { print: `http://localhost:${port}/` },
        ]);
        assert.equal(await addressOf(run), `http://localhost:${port}/`);
      });
    }

    it('gets one request, for any kind of bind', async () => {
      const run = await serve([{ listen: { port, host: '::' } }, { print: `http://localhost:${port}/app` }]);
      const output = host.watch(run);
      assert.equal(await addressOf(run), `http://localhost:${port}/app`);
      await output.until('GET');
      assert.deepEqual(output.text().match(/(?:GET|HEAD) \S+/g), ['GET /app']);
    });

    it('where another process answers is not ready, and the conflict is named', async () => {
      const other = await startForeign([{ listen: { port, host: '127.0.0.1' } }]);
      const moved = await freePort();
      const run = await serve([
        { print: `Local: http://localhost:${port}/` },
        { wait: true },
        { listen: { port: moved } },
        { print: `Local: http://localhost:${moved}/` },
      ]);
      const { problem } = await host.event(run, 'unhealthy');
      assert.deepEqual(problem, { kind: 'conflict', port, holder: { pid: other.pid, name: 'node' } });
      assert.equal(
        host.events.some(({ kind }) => kind === 'ready'),
        false,
      );
      host.client.input(run, '\r');
      assert.equal(await addressOf(run), `http://localhost:${moved}/`);
    });

    it('follows the server when that moves its port', async () => {
      const moved = await freePort();
      const run = await serve([
        { listen: { port } },
        { print: `Local: http://localhost:${port}/` },
        { wait: true },
        { close: true },
        { listen: { port: moved } },
        { print: `Local: http://localhost:${moved}/` },
      ]);
      assert.equal(await addressOf(run), `http://localhost:${port}/`);
      host.client.input(run, '\r');
      await until('the move', async () => {
        const event = await last(run, 'ready');
        return event.kind === 'ready' && event.endpoint?.url === `http://localhost:${moved}/`;
      });
    });

    it('stays when the server mentions another of its addresses', async () => {
      const second = await freePort();
      const run = await serve([
        { listen: { port } },
        { print: `Local: http://localhost:${port}/` },
        { listen: { port: second } },
        { print: `API: http://localhost:${second}/` },
      ]);
      await until('both addresses', async () => {
        const event = await last(run, 'ready');
        return event.kind === 'ready' && event.endpoint?.otherUrls !== undefined;
      });
      const urls = host.events.flatMap((event) => (event.kind === 'ready' ? [event.endpoint?.url] : []));
      assert.deepEqual([...new Set(urls)], [`http://localhost:${port}/`]);
      const event = await last(run, 'ready');
      assert.deepEqual(event.kind === 'ready' && event.endpoint?.otherUrls, [`http://localhost:${second}/`]);
    });
  });

  it('two servers on one port, over IPv4 and IPv6, are each shown at its own address, with a warning', async () => {
    const announced = { print: `Local: http://localhost:${port}/` };
    const four = await serve([{ listen: { port, host: '127.0.0.1' } }, announced]);
    await readyAt(four);
    const six = await serve([{ listen: { port, host: '::1' } }, announced]);
    const expected = [
      [four, `http://127.0.0.1:${port}/`],
      [six, `http://[::1]:${port}/`],
    ] as const;
    for (const [run, url] of expected) {
      await until(`${url} contested`, async () => {
        const event = await last(run, 'ready');
        return event.kind === 'ready' && event.endpoint?.url === url && event.endpoint.contested;
      });
    }
  });

  describe('a silent server', () => {
    it('is found by its socket, anywhere in the tree', async () => {
      const apart = await serve([
        { child: { apart: true, steps: [{ child: { steps: [{ listen: { port } }] } }] } },
      ]);
      const endpoint = await readyAt(apart);
      assert.equal(endpoint?.url, `http://localhost:${port}/`);
      assert.ok(endpoint.pid !== undefined && pidsWith(apart).includes(endpoint.pid));
    });

    it('at a port that the system chose is ready before one that has printed something, and may announce a better one', async () => {
      const listen = { listen: { port: 0, host: '127.0.0.1' } };
      const silent = await serve([{ print: '> app@1.0.0 dev' }, { print: '$ node server.js' }, listen]);
      const talking = await serve([{ print: 'worker 4.0' }, listen]);
      assert.equal((await readyAt(silent))?.listener, 'own');
      assert.ok(!host.events.some((event) => event.kind === 'ready' && event.runId === talking));
    });

    it('is not taken for its debugger', async () => {
      const debuggerPort = await freePort();
      const run = await host.start({
        kind: 'argv',
        file: process.execPath,
        args: [
          `--inspect=127.0.0.1:${debuggerPort}`,
          fixture('server.mjs'),
          JSON.stringify([{ sleep: 1500 }, { listen: { port } }]),
        ],
      });
      assert.equal(await addressOf(run), `http://localhost:${port}/`);
    });

    it('that does not speak HTTP is ready when it accepts connections', async () => {
      const run = await serve([{ listen: { port, kind: 'tcp' } }]);
      assert.equal(await addressOf(run), `tcp://localhost:${port}/`);
    });
  });

  describe('a server that never', () => {
    it('answers ends in a state with the attempts', async () => {
      await timeOut([{ listen: { port, statuses: [0] } }, { print: `http://localhost:${port}/` }], {}, [
        { target: `http://localhost:${port}/`, outcome: { kind: 'noAnswer' } },
      ]);
    });

    it('listens does too, and may still become ready', async () => {
      const { run } = await timeOut(
        [{ print: `soon at http://localhost:${port}/` }, { wait: true }, { listen: { port } }],
        {},
        [{ target: `http://localhost:${port}/`, outcome: { kind: 'notListening' } }],
      );
      host.client.input(run, '\r');
      assert.equal(await addressOf(run), `http://localhost:${port}/`);
    });

    it('answers without an error ends with its last status', async () => {
      const { endpoint } = await timeOut([{ listen: { port, statuses: [500] } }], {}, [
        { target: `http://localhost:${port}/`, outcome: { kind: 'status', status: 500 } },
      ]);
      assert.equal(endpoint?.url, `http://localhost:${port}/`, 'what it answers cannot be looked at');
    });
  });

  describe('a server that was ready', () => {
    it('and no longer listens is unhealthy, and ready when it listens again', async () => {
      const run = await serve([
        { listen: { port } },
        { print: `http://localhost:${port}/` },
        { wait: true },
        { close: true },
        { wait: true },
        { listen: { port } },
      ]);
      await readyAt(run);
      host.client.input(run, '\r');
      const { problem } = await host.event(run, 'unhealthy');
      assert.equal(problem.kind, 'silent');
      host.client.input(run, '\r');
      await last(run, 'ready');
    });

    it('and hangs is unhealthy as soon as a client waits for it', async () => {
      const run = await serve([{ listen: { port } }, { print: `http://localhost:${port}/` }]);
      const pid = (await readyAt(run))?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      const waiting = connect({ port, host: '127.0.0.1' });
      const { problem } = await host.event(run, 'unhealthy');
      waiting.destroy();
      assert.deepEqual(problem, {
        kind: 'silent',
        attempts: [{ target: `http://localhost:${port}/`, outcome: { kind: 'noAnswer' } }],
      });
      process.kill(pid, 'SIGCONT');
      await last(run, 'ready');
    });

    it('and ends is down, with its exit and its last lines', async () => {
      const run = await serve([
        { listen: { port } },
        { print: `http://localhost:${port}/` },
        { wait: true },
        { print: 'boom' },
        { exit: 3 },
      ]);
      await readyAt(run);
      host.client.input(run, '\r');
      const { exit, tail } = await host.event(run, 'ended');
      assert.deepEqual([exit, tail.at(-1)], [{ kind: 'code', code: 3 }, 'boom']);
      await last(run, 'ended');
    });
  });

  it('a server that ends at once is down with its exit, also by a signal', async () => {
    const well = await serve([{ print: 'done' }, { exit: 0 }]);
    const killed = await serve([{ kill: 'SIGKILL' }]);
    assert.deepEqual(
      [(await host.event(well, 'ended')).exit, (await host.event(killed, 'ended')).exit],
      [
        { kind: 'code', code: 0 },
        { kind: 'signal', signal: 'SIGKILL' },
      ],
    );
  });

  describe('a rule', () => {
    it('may name the page that must answer, and the address stays that of the server', async () => {
      const run = await serve([{ listen: { port } }, { print: `http://localhost:${port}/` }], {
        http: '/health',
      });
      const output = host.watch(run);
      assert.equal(await addressOf(run), `http://localhost:${port}/`);
      await output.until('GET');
      assert.deepEqual(output.text().match(/GET \S+/g), ['GET /health']);
    });

    it('may accept a connection as ready', async () => {
      const run = await serve([{ listen: { port, kind: 'mute' } }, { print: `http://localhost:${port}/` }], {
        tcp: true,
      });
      assert.equal(await addressOf(run), `http://localhost:${port}/`);
    });

    it('may name the only port that counts', async () => {
      const second = await freePort();
      const run = await serve(
        [
          { listen: { port } },
          { print: `http://localhost:${port}/` },
          { wait: true },
          { listen: { port: second, kind: 'mute' } },
        ],
        { tcp: second },
      );
      const output = host.watch(run);
      await output.until('http://');
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal((await last(run, 'spawned')).kind, 'spawned');
      host.client.input(run, '\r');
      assert.equal(await addressOf(run), `tcp://localhost:${second}/`);
    });

    it('may name a line of output, for a server that does not listen', async () => {
      const run = await serve(
        [{ print: 'compiling' }, { wait: true }, { print: '\u001b[32mwatching\u001b[0m 12 files' }],
        {
          log: String.raw`^watching \d+ files`,
        },
      );
      await host.watch(run).until('compiling');
      assert.equal((await last(run, 'spawned')).kind, 'spawned');
      host.client.input(run, '\r');
      assert.equal(await readyAt(run), undefined);
    });

    it('must hold as a whole', async () => {
      const { run } = await timeOut(
        [{ listen: { port } }, { print: `http://localhost:${port}/` }, { wait: true }, { print: 'migrated' }],
        { log: 'migrated', http: '/' },
        [{ target: 'migrated', outcome: { kind: 'noMatch' } }],
      );
      host.client.input(run, '\r');
      assert.equal(await addressOf(run), `http://localhost:${port}/`);
    });
  });
});
