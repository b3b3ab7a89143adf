import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ResolvedStart, type ResolvedStartDeps } from '../../../../src/core/dependencies/resolvedStart.js';
import type { Outcome } from '../../../../src/core/lifecycle/outcome.js';
import { PortInUseError, ServerError } from '../../../../src/core/server/errors.js';
import type { OtherWindowRun } from '../../../../src/core/server/otherWindows.js';
import type { ConflictedStart, Resolution } from '../../../../src/core/tcpPorts/portConflict.js';
import type { PortUse } from '../../../../src/core/tcpPorts/portUse.js';
import { definition, world } from '../support/fakes.js';

const inUse = { kind: 'unknown', url: undefined } as const;
const taken = (port = 3000) => new PortInUseError(port, `web was not started: port ${port} is in use.`);

interface Scene {
  /** Starts that fail with `portInUse` before one succeeds. */
  readonly failures?: number;
  readonly use?: PortUse | 'unreadable';
  readonly elsewhere?: OtherWindowRun;
  readonly error?: Error;
  /** Port that the last start used in place of the server's own. */
  readonly chosenPort?: number;
}

/** A resolver over operations that record their calls; the server `web` declares port 3000. */
async function scene({ failures = 0, use = inUse, elsewhere, error, chosenPort }: Scene) {
  const { registry } = await world();
  await registry.define([definition('web', { port: 3000 })]);
  const calls: string[] = [];
  const conflicts: ConflictedStart[] = [];
  let left = failures;
  const operation = (call: string, port: number | undefined): Promise<Outcome> => {
    calls.push(call);
    left -= 1;
    return left >= 0 ? Promise.reject(error ?? taken(port)) : Promise.resolve({ kind: 'started' });
  };
  const deps: ResolvedStartDeps = {
    registry,
    lifecycle: {
      start: (id, options) => operation(`start ${id} ${JSON.stringify(options)}`, options?.port),
      resume: (id, runId) => operation(`resume ${id} ${runId}`, chosenPort),
      restart: (id) => operation(`restart ${id}`, chosenPort),
      stop: (id) => operation(`stop ${id}`, undefined),
      chosenPort: () => chosenPort,
    },
    otherWindows: { find: () => Promise.resolve(elsewhere) },
    inspector: {
      inspectPort: () => (use === 'unreadable' ? Promise.reject(new Error('no tool')) : Promise.resolve(use)),
    },
  };
  const single = (resolution?: Resolution): ResolvedStart =>
    new ResolvedStart(
      deps,
      resolution &&
        ((start) => {
          conflicts.push(start);
          return Promise.resolve(resolution);
        }),
    );
  return { single, calls, conflicts };
}

describe('a start that meets a conflict', () => {
  it('is tried again with the options of the resolution', async () => {
    const { single, calls, conflicts } = await scene({ failures: 1 });
    const start = single({ kind: 'start', options: { port: 4000 } });
    assert.deepEqual(await start.start('web', { afterDependencies: true }), { kind: 'started' });
    assert.deepEqual(calls, [
      'start web {"afterDependencies":true}',
      'start web {"afterDependencies":true,"port":4000}',
    ]);
    assert.deepEqual(
      conflicts.map(({ conflict, options }) => [conflict, options]),
      [[{ kind: 'portHeld', port: 3000, use: inUse }, { afterDependencies: true }]],
    );
  });

  it('asks again as long as the assigned port is in use, too', async () => {
    const { single, conflicts } = await scene({ failures: 2 });
    await single({ kind: 'start', options: { port: 4000 } }).start('web', {});
    assert.deepEqual(
      conflicts.map(({ conflict }) => conflict.kind === 'portHeld' && conflict.port),
      [3000, 4000],
    );
  });

  it('is tried again without a question when the port has become free', async () => {
    const { single, calls, conflicts } = await scene({ failures: 1, use: { kind: 'free' } });
    assert.deepEqual(await single({ kind: 'giveUp' }).start('web', {}), { kind: 'started' });
    assert.deepEqual([calls.length, conflicts], [2, []]);
  });

  it('fails with its own error when the port cannot be inspected', async () => {
    const { single, calls } = await scene({ failures: 1, use: 'unreadable' });
    await assert.rejects(single({ kind: 'giveUp' }).start('web', {}), taken());
    assert.equal(calls.length, 1);
  });

  it('resolves with `undefined` when it is given up', async () => {
    const { single, calls } = await scene({ failures: 1 });
    assert.equal(await single({ kind: 'giveUp' }).start('web', {}), undefined);
    assert.equal(calls.length, 1);
  });

  for (const [name, resolution] of [
    ['the resolver lets it', { kind: 'proceed' }],
    ['there is no resolver', undefined],
  ] as const) {
    it(`fails with the original error if ${name}`, async () => {
      const { single } = await scene({ failures: 1 });
      await assert.rejects(single(resolution).start('web', {}), taken());
    });
  }

  it('resolves only conflicts over ports', async () => {
    const error = new ServerError('spawnFailed', 'There is no npm.');
    const { single, conflicts } = await scene({ failures: 1, error });
    await assert.rejects(single({ kind: 'giveUp' }).start('web', {}), error);
    assert.deepEqual(conflicts, []);
  });

  it('concerns the port of the last start when a server is restarted or its start resumed', async () => {
    const giveUp = { kind: 'giveUp' } as const;
    const restarted = await scene({ failures: 1, chosenPort: 5000 });
    const resumed = await scene({ failures: 1, chosenPort: 5000 });
    assert.equal(await restarted.single(giveUp).restart('web'), undefined);
    assert.equal(await resumed.single(giveUp).resume('web', 'run', {}), undefined);
    assert.deepEqual(
      [...restarted.conflicts, ...resumed.conflicts].map(({ conflict, options }) => [
        conflict.kind === 'portHeld' && conflict.port,
        options,
      ]),
      [
        [5000, { port: 5000 }],
        [5000, { afterDependencies: true, port: 5000 }],
      ],
    );
  });

  it('is a start again after a restart or a resumed start', async () => {
    const { single, calls } = await scene({ failures: 1 });
    await single({ kind: 'start', options: { port: 4000 } }).restart('web', { kind: 'autoStart' });
    const resumed = await scene({ failures: 1 });
    await resumed.single({ kind: 'start', options: { port: 4000 } }).resume('web', 'run', {});
    assert.deepEqual(
      [calls, resumed.calls],
      [
        ['restart web', 'start web {"startedBy":{"kind":"autoStart"},"port":4000}'],
        ['resume web run', 'start web {"afterDependencies":true,"port":4000}'],
      ],
    );
  });
});

describe('the start of a server that another window runs', () => {
  const elsewhere = { pid: 9, url: 'http://localhost:7/' };

  it('asks before anything is started', async () => {
    const { single, calls, conflicts } = await scene({ elsewhere });
    assert.equal(await single({ kind: 'giveUp' }).start('web', {}), undefined);
    assert.deepEqual([calls, conflicts.map(({ conflict }) => conflict.kind)], [[], ['runsElsewhere']]);
  });

  it('continues here if the resolver allows it, and without a resolver', async () => {
    const { single, calls } = await scene({ elsewhere });
    await single({ kind: 'proceed' }).start('web', {});
    await single().start('web', {});
    await single({ kind: 'start', options: { port: 4000 } }).start('web', {});
    assert.deepEqual(calls, ['start web {}', 'start web {}', 'start web {"port":4000}']);
  });
});
