import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { describe, it } from 'vitest';
import { findCandidates } from '../../../src/host/readiness/endpointChoice.js';
import type { Listener } from '../../../src/host/system/listeners.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import type { Platform } from '../../../src/host/platform/platform.js';
import { membersOf, type ProcessEntry } from '../../../src/host/system/processes.js';
import { runsContainers, stopsContainers } from '../../../src/host/processTree/containerClients.js';
import { isContainerEngine } from '../../../src/host/sockets/containerEngines.js';
import { systemTables } from '../../../src/host/sockets/socketQueries.js';
import { scanSockets, scanNearby, type SocketScan } from '../../../src/host/sockets/socketOwners.js';
import { freePort, isAlive, until } from '../../support/processes.js';
import { fixture, TestHost } from '../support/testHost.js';

const system = currentPlatform();

/** Starts the fixture server under another program name, outside the run. Resolves when it listens. */
async function spawnListening(port: number, name: string, ...args: string[]): Promise<ChildProcess> {
  return spawnServer([{ listen: { port, host: '127.0.0.1' } }, { print: 'up' }], name, ...args);
}

async function spawnServer(steps: readonly object[], name: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fixture('server.mjs'), JSON.stringify(steps), ...args], {
    argv0: name,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await until('the end', () => !isAlive(child.pid ?? 0));
}

/** Scans the sockets as a run with this root process. */
async function scanFrom(child: ChildProcess, changes: Partial<Platform>): Promise<SocketScan> {
  const platform = { ...system, ...changes };
  const identity = await system.identify(child.pid ?? 0);
  return scanSockets(
    { name: 'run', process: identity, parent: process.pid },
    { platform, ...systemTables(platform) },
    new AbortController().signal,
  );
}

/** Scans one port without listing the processes of the machine. */
async function ownersNearby(
  child: ChildProcess,
  port: number,
  changes: Partial<Platform> = {},
  startTime?: string,
): Promise<string[] | undefined> {
  const list = () => assert.fail('All processes were looked at.');
  const platform = { ...system, list, ...changes };
  const identity = await system.identify(child.pid ?? 0);
  const scan = await scanNearby(
    {
      name: 'run',
      process: identity && { ...identity, ...(startTime && { startTime }) },
      parent: process.pid,
    },
    port,
    { platform, ...systemTables(platform) },
  );
  return scan && ownersAt(scan, port);
}

const ownersAt = ({ sockets }: SocketScan, port: number): string[] =>
  sockets.filter(({ listener }) => listener.port === port).map(({ owner }) => owner.kind);

const candidatesFor = (scan: SocketScan, port: number) =>
  findCandidates({
    scan,
    announced: new Map([[port, `http://localhost:${port}/`]]),
    onlyPort: port,
    isSettled: () => true,
  }).map(({ listener }) => listener);

describe('the owner of a socket', () => {
  it('is the server only for the port itself, not for a port with the same beginning or for a connection', async () => {
    const port = await freePort();
    const server = await spawnListening(port, 'node');
    try {
      const scan = await scanFrom(server, {});
      assert.deepEqual(ownersAt(scan, port), ['own']);
      assert.deepEqual(
        scan.sockets.filter(({ owner }) => owner.kind === 'own').map(({ listener }) => listener.port),
        [port],
      );
    } finally {
      await end(server);
    }
  });

  it('is unknown, not foreign, if the system hides the files of processes', async (context) => {
    if ((await system.socketsOf(process.pid)) === undefined)
      return context.skip('this system lists sockets with their processes');
    const port = await freePort();
    const server = await spawnListening(port, 'node');
    try {
      const scan = await scanFrom(server, { socketsOf: () => Promise.resolve(undefined) });
      assert.deepEqual([ownersAt(scan, port), candidatesFor(scan, port)], [['unknown'], ['unknown']]);
    } finally {
      await end(server);
    }
  });

  const silences: Record<string, Partial<Platform>> = {
    'lists no sockets': { listeners: () => Promise.reject(new Error('netstat: not found')) },
    'lists no processes': { list: () => Promise.reject(new Error('ps: not found')) },
  };
  for (const [what, changes] of Object.entries(silences)) {
    it(`is unknown when the system ${what}`, async () => {
      const port = await freePort();
      const server = await spawnListening(port, 'node');
      try {
        const scan = await scanFrom(server, changes);
        assert.deepEqual([scan.isKnown, candidatesFor(scan, port)], [false, ['unknown']]);
      } finally {
        await end(server);
      }
    });
  }

  it('is foreign if the files of every process of the server are readable', async () => {
    const port = await freePort();
    const [server, stranger] = await Promise.all([
      spawnListening(await freePort(), 'node'),
      spawnListening(port, 'node'),
    ]);
    try {
      const scan = await scanFrom(server, {});
      assert.deepEqual([ownersAt(scan, port), candidatesFor(scan, port)], [['foreign'], []]);
    } finally {
      await Promise.all([end(server), end(stranger)]);
    }
  });

  it('is the container engine for a server that runs containers, even if the files of its proxy are hidden', async () => {
    const port = await freePort();
    const [client, proxy] = await Promise.all([
      spawnListening(await freePort(), 'docker', 'compose', 'up', 'web'),
      spawnListening(port, '/usr/bin/docker-proxy', '-proto', 'tcp', '-host-port', String(port)),
    ]);
    const blind = {
      socketsOf: (pid: number) => (pid === proxy.pid ? Promise.resolve(undefined) : system.socketsOf(pid)),
    };
    try {
      const scans = [await scanFrom(client, {}), await scanFrom(client, blind)];
      assert.deepEqual(
        scans.map((scan) => [ownersAt(scan, port), candidatesFor(scan, port)]),
        [
          [['published'], ['published']],
          [['published'], ['published']],
        ],
      );
      // The same proxy is unrelated to a server that runs no containers.
      assert.deepEqual(ownersAt(await scanFrom(proxy, {}), port), ['own']);
    } finally {
      await Promise.all([end(client), end(proxy)]);
    }
  });

  it('is a container in the network of the machine, or unknown if the system hides it', async (context) => {
    if ((await system.socketsOf(process.pid)) === undefined)
      return context.skip('this system lists sockets with their processes');
    const port = await freePort();
    const steps = [{ child: { steps: [{ listen: { port, host: '127.0.0.1' } }, { print: 'up' }] } }];
    const [client, shim] = await Promise.all([
      spawnListening(await freePort(), 'docker', 'compose', 'up', 'web'),
      spawnServer(steps, '/usr/bin/containerd-shim-runc-v2'),
    ]);
    const contained = system.childrenOf(shim.pid ?? 0) ?? [];
    const blind = {
      socketsOf: (pid: number) =>
        contained.includes(pid) ? Promise.resolve(undefined) : system.socketsOf(pid),
    };
    try {
      const scans = [await scanFrom(client, {}), await scanFrom(client, blind)];
      assert.deepEqual(
        scans.map((scan) => ownersAt(scan, port)),
        [['published'], ['unknown']],
      );
    } finally {
      for (const pid of contained) process.kill(pid, 'SIGKILL');
      await Promise.all([end(client), end(shim)]);
    }
  });

  it('of a published port makes its server ready, and says so', async () => {
    const host = new TestHost();
    const port = await freePort();
    const proxy = await spawnListening(port, '/usr/bin/docker-proxy', '-host-port', String(port));
    try {
      const run = await host.start({
        kind: 'argv',
        file: '/bin/bash',
        args: [
          '-c',
          `exec -a docker ${process.execPath} -e 'console.log("http://localhost:${port}/");setInterval(()=>{},1000)'`,
        ],
      });
      assert.deepEqual((await host.event(run, 'ready')).endpoint, {
        url: `http://localhost:${port}/`,
        listener: 'published',
        pid: undefined,
        contested: false,
      });
    } finally {
      await end(proxy);
      await host.end();
    }
  });
});

describe('the owner of a socket, when the processes near the root are all that is looked at,', () => {
  it('is the server if one of them holds it, including a grandchild', async (context) => {
    if (system.childrenOf(process.pid) === undefined)
      return context.skip('this system lists no children of one process');
    const port = await freePort();
    const listen = [{ listen: { port, host: '127.0.0.1' } }, { print: 'up' }];
    const server = await spawnServer([{ child: { steps: [{ child: { steps: listen } }] } }], 'node');
    try {
      assert.deepEqual(await ownersNearby(server, port), ['own']);
      assert.equal(await ownersNearby(server, await freePort()), undefined);
    } finally {
      const kin = membersOf(
        { name: 'none', process: await system.identify(server.pid ?? 0), parent: process.pid },
        await system.list(),
      );
      for (const { pid } of kin) if (pid !== server.pid) process.kill(pid, 'SIGKILL');
      await end(server);
      await until('the end of all', () => kin.every(({ pid }) => !isAlive(pid)));
    }
  });

  it('is undetermined if a foreign process listens on the port, too', async () => {
    const port = await freePort();
    const server = await spawnListening(port, 'node');
    const stranger = await spawnServer([{ listen: { port, host: '::1' } }, { print: 'up' }], 'node');
    try {
      assert.equal(await ownersNearby(server, port), undefined);
    } finally {
      await Promise.all([end(server), end(stranger)]);
    }
  });

  it('is undetermined if a foreign process has the pid of the root now', async () => {
    const port = await freePort();
    const server = await spawnListening(port, 'node');
    try {
      assert.equal(await ownersNearby(server, port, {}, '1'), undefined);
    } finally {
      await end(server);
    }
  });

  it('is undetermined, without further queries, if the system does not report children', async () => {
    const port = await freePort();
    const server = await spawnListening(port, 'node');
    const asked: string[] = [];
    const silent: Partial<Platform> = {
      childrenOf: () => undefined,
      identify: () => Promise.reject(new Error(String(asked.push('identity')))),
      listeners: () => Promise.reject(new Error(String(asked.push('sockets')))),
    };
    try {
      assert.deepEqual([await ownersNearby(server, port, silent), asked], [undefined, []]);
    } finally {
      await end(server);
    }
  });
});

describe('the programs of container engines', () => {
  const entry = (command: string): ProcessEntry => ({
    pid: 5,
    parent: 1,
    group: 5,
    session: 5,
    startTime: '1',
    marker: undefined,
    command,
  });

  it('are known by name on every system', () => {
    const commands = [
      'docker compose up web',
      '/usr/bin/podman run -p 80:80 nginx',
      'C:\\Docker\\docker.exe compose up',
      String.raw`"C:\Program Files\Docker\Docker\resources\bin\docker.exe" compose up`,
      'node docker.js',
      'python3 /usr/bin/podman-compose up',
      'dockerize npm start',
    ];
    assert.deepEqual(
      commands.map((command) => [runsContainers([entry(command)]), stopsContainers([entry(command)])]),
      [
        [true, true],
        [true, false],
        [true, true],
        [true, true],
        [false, false],
        [true, true],
        [false, false],
      ],
    );
    const listeners = [
      '/usr/bin/docker-proxy -proto tcp',
      '/Applications/Docker.app/Contents/MacOS/com.docker.backend services',
      'com.docker.backend.exe',
      String.raw`"C:\Program Files\Docker\Docker\resources\com.docker.backend.exe" run`,
      String.raw`"C:\Program Files\WSL\wslrelay.exe" --mode 1`,
      'rootlessport',
      'node server.js docker-proxy',
    ];
    assert.deepEqual(
      listeners.map((command) => isContainerEngine(entry(command))),
      [true, true, true, true, true, true, false],
    );
  });
});

describe('the address of a candidate', () => {
  const socket = (address: string, id: string): Listener => ({
    port: 1,
    address,
    id,
    waiting: 0,
    pids: undefined,
  });
  const addresses = (own: string, ...strangers: string[]) => {
    const scan: SocketScan = {
      isKnown: true,
      sockets: [
        { listener: socket(own, 'own'), owner: { kind: 'own', pid: 5 } },
        ...strangers.map((address) => ({
          listener: socket(address, address),
          owner: { kind: 'foreign' } as const,
        })),
      ],
    };
    const [found] = findCandidates({ scan, announced: new Map(), onlyPort: 1, isSettled: () => true });
    return [found?.addresses, found?.contested];
  };

  it('is where its socket is bound, except where a foreign socket is bound more specifically', () => {
    assert.deepEqual(
      [
        addresses('127.0.0.1'),
        addresses('::'),
        addresses('0.0.0.0'),
        addresses('192.0.2.1'),
        addresses('::', '127.0.0.1'),
        addresses('::', '0.0.0.0'),
        addresses('::1', '127.0.0.1'),
        addresses('0.0.0.0', '127.0.0.1'),
      ],
      [
        [['127.0.0.1'], false],
        [['127.0.0.1', '::1'], false],
        [['127.0.0.1'], false],
        [['192.0.2.1'], false],
        [['::1'], true],
        [['::1'], true],
        [['::1'], true],
        [[], true],
      ],
    );
  });
});
