import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ResolvedStart } from '../../../../src/core/dependencies/resolvedStart.js';
import type { PortConflictMode } from '../../../../src/core/tcpPorts/portConflict.js';
import { AssignedPorts } from '../../../../src/core/tcpPorts/assignedPorts.js';
import type { PortUse } from '../../../../src/core/tcpPorts/portUse.js';
import { Registry } from '../../../../src/core/registry/registry.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { definition, english, world } from '../support/fakes.js';

const unknown: PortUse = { kind: 'unknown', url: undefined };
const onPort3000 = definition('a', { port: 3000 });

interface Scene {
  readonly mode?: PortConflictMode;
  readonly taken?: readonly number[];
  readonly servers?: readonly ServerDefinition[];
  readonly fails?: boolean;
  readonly ownPort?: number;
}

/** Creates assigned ports over a fake machine, which records the inspected ports. */
async function scene({ mode = 'ask', taken = [], servers = [], fails = false, ownPort }: Scene) {
  const looks: number[] = [];
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };
  const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  await registry.define(servers);
  const inspector = {
    inspectPort: (port: number): Promise<PortUse> => {
      looks.push(port);
      if (fails) return Promise.reject(new Error('no answer'));
      return Promise.resolve(taken.includes(port) ? unknown : { kind: 'free' });
    },
  };
  const ports = new AssignedPorts({
    registry,
    inspector,
    mode: () => mode,
    freePort: (near = 50_000, except) => {
      let port = near + 1;
      while (except.has(port)) port += 1;
      return Promise.resolve(port);
    },
    ownPort: () => ownPort,
    clock: { now: () => 0 },
    log,
    l10n: english,
  });
  /** Port that the server gets instead of its own. */
  const admit = async (server: ServerDefinition, requested?: number): Promise<number | undefined> => {
    await ports.admit(server, requested);
    return ports.of(server.id);
  };
  return { ports, admit, looks, lines, registry, inspector };
}

describe('the guard of ports', () => {
  it('inspects the port of a server once, and lets it start when that is free', async () => {
    const { admit, looks } = await scene({});
    assert.deepEqual([await admit(onPort3000), looks], [undefined, [3000]]);
  });

  it('inspects the chosen port instead', async () => {
    const { admit, looks } = await scene({ taken: [3000] });
    assert.deepEqual([await admit(onPort3000, 4000), looks], [4000, [4000]]);
  });

  it('inspects nothing when no port is known', async () => {
    const { admit, looks } = await scene({});
    assert.deepEqual([await admit(definition('a')), looks], [undefined, []]);
  });

  for (const mode of ['ask', 'fail'] as const) {
    it(`refuses a server whose port is in use if the setting is ${mode}`, async () => {
      const { admit } = await scene({ mode, taken: [3000] });
      await assert.rejects(admit(onPort3000), {
        reason: 'portInUse',
        message: 'shop: a was not started: Port 3000 is in use by a process that cannot be identified.',
      });
    });
  }

  it('assigns a free port at once if the setting says so, and logs it', async () => {
    const { admit, lines } = await scene({ mode: 'useFreePort', taken: [3000] });
    assert.deepEqual(
      [await admit(onPort3000), lines],
      [3001, ['a starts on port 3001. Port 3000 is in use by a process that cannot be identified.']],
    );
  });

  it('assigns no port that another server declares or was just assigned', async () => {
    const servers = [onPort3000, definition('b', { port: 3001 }), definition('c', { port: 3000 })];
    const { admit } = await scene({ mode: 'useFreePort', taken: [3000], servers });
    assert.deepEqual([await admit(onPort3000), await admit(onPort3000)], [3002, 3002]);
    const [, , third] = servers;
    assert.equal(third && (await admit(third)), 3003);
  });

  it('assigns each of several servers that start at once a port of its own', async () => {
    const servers = ['a', 'b', 'c', 'd'].map((id) => definition(id, { port: 3000 }));
    const { admit } = await scene({ mode: 'useFreePort', taken: [3000], servers });
    assert.deepEqual(await Promise.all(servers.map((server) => admit(server))), [3001, 3002, 3003, 3004]);
  });

  it('assigns a port that two servers have in worktrees to the first of them that starts', async () => {
    const servers = ['a', 'b'].map((id) => definition(id, { port: 3000 }));
    const { admit, looks } = await scene({ ownPort: 4000, servers });
    assert.deepEqual(await Promise.all(servers.map((server) => admit(server))), [4000, 4001]);
    assert.deepEqual(looks, [4000, 4001]);
  });

  it('assigns the port of a stopped server to another one, but not that of a crashed server', async () => {
    const [a, b, c] = [onPort3000, definition('b', { port: 3000 }), definition('c', { port: 3000 })];
    const { admit, registry } = await scene({ mode: 'useFreePort', taken: [3000], servers: [a, b, c] });
    assert.deepEqual([await admit(a), await admit(b)], [3001, 3002]);
    const exit = { kind: 'code', code: 1 } as const;
    await registry.restore(a, { kind: 'stopped', lastEnd: undefined });
    await registry.restore(b, {
      kind: 'crashed',
      crash: { kind: 'exit', at: 0, exit, interrupted: false, tail: [] },
    });
    assert.deepEqual([await admit(c), await admit(a)], [3001, 3003]);
  });

  it('assigns no port to a server that would not use it', async () => {
    const script = { body: 'python3 -m http.server 3000', argumentPrefix: [] };
    const { admit } = await scene({ mode: 'useFreePort', taken: [3000] });
    await assert.rejects(admit(definition('a', { script })), { reason: 'portInUse' });
  });

  it('prevents no start when ports cannot be inspected', async () => {
    const { admit, lines } = await scene({ fails: true });
    assert.deepEqual(
      [await admit(onPort3000), lines],
      [undefined, ['Who holds port 3000 could not be found out']],
    );
  });
});

describe('a start whose port is in use', () => {
  it('is refused before anything is reserved or runs', async () => {
    const { ports } = await scene({ taken: [3000] });
    const { registry, lifecycle, processes, states } = await world({ deps: { assignedPorts: ports } });
    await registry.define([onPort3000]);
    await assert.rejects(lifecycle.start('a'), { reason: 'portInUse' });
    assert.deepEqual([states(), processes.calls], [['a: stopped'], []]);
    assert.deepEqual(await lifecycle.start('a', { port: 4000 }), { kind: 'started' });
    assert.deepEqual(processes.alive.get('a-1')?.port, 4000);
  });

  it('concerns the port that the server has in its worktree, although its declared one is free', async () => {
    const { ports, inspector } = await scene({ ownPort: 4000, taken: [4000] });
    const { registry, lifecycle } = await world({ deps: { assignedPorts: ports } });
    await registry.define([onPort3000]);
    const asked: unknown[] = [];
    const otherWindows = { find: () => Promise.resolve(undefined) };
    const start = new ResolvedStart({ registry, lifecycle, otherWindows, inspector }, ({ conflict }) => {
      asked.push(conflict);
      return Promise.resolve({ kind: 'giveUp' });
    });
    assert.equal(await start.start('a', {}), undefined);
    assert.deepEqual(asked, [{ kind: 'portHeld', port: 4000, use: unknown }]);
  });

  it('uses a free port if the setting says so, and keeps it at a restart', async () => {
    const { ports } = await scene({ mode: 'useFreePort', taken: [3000] });
    const { registry, lifecycle, processes } = await world({ deps: { assignedPorts: ports } });
    await registry.define([onPort3000]);
    await lifecycle.start('a');
    await lifecycle.restart('a');
    assert.deepEqual(
      [...processes.alive.values()].map(({ env, port }) => ({ env, port })),
      [{ env: { PORT: '3001' }, port: 3001 }],
    );
  });
});
