import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { ServerError } from '../../../../src/core/server/errors.js';
import { Registry } from '../../../../src/core/registry/registry.js';
import { definition, held, world } from '../support/fakes.js';
import { runIdOf } from '../../../../src/core/server/stateQueries.js';
import type { Snapshot } from '../../../../src/core/registry/snapshot.js';

const reason = (error: ServerError): boolean => error.reason === 'limit';

describe('the registry', () => {
  it('returns the same object for the same version, and never changes it', async () => {
    const { registry } = await world();
    const before = await registry.snapshot();
    const parts = ({ version, closed, servers }: Snapshot) => JSON.stringify({ version, closed, servers });
    const text = parts(before);
    assert.equal(await registry.snapshot(), before);
    await registry.reserve('a', 'r');
    assert.deepEqual(
      [parts(before), Object.isFrozen(before), Object.isFrozen(before.servers)],
      [text, true, true],
    );
    assert.equal((await registry.snapshot()).version, before.version + 1);
  });

  it('is empty and open at first', () => {
    const log = { info: () => undefined, error: () => undefined };
    const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
    const { version, closed, servers } = registry.current;
    assert.deepEqual({ version, closed, servers }, { version: 0, closed: false, servers: [] });
  });

  it('admits no more servers than allowed when two ask at once', async () => {
    const gate = held();
    const { registry } = await world({ maxServers: 1, admitting: () => gate.promise });
    const reservations = Promise.allSettled([registry.reserve('a', 'r1'), registry.reserve('b', 'r2')]);
    gate.release();
    assert.deepEqual(
      (await reservations).map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
  });

  it('loses no change when several are made at once', async () => {
    const gate = held();
    const { registry, states } = await world({ admitting: () => gate.promise });
    const reservations = ['a', 'b', 'c'].map((id) => registry.reserve(id, `r-${id}`));
    gate.release();
    await Promise.all(reservations);
    assert.deepEqual(states(), ['a: reserved', 'b: reserved', 'c: reserved']);
  });

  it('returns a snapshot with every change that was requested before', async () => {
    const gate = held();
    const { registry } = await world({ admitting: () => gate.promise });
    const reserved = registry.reserve('a', 'r');
    const list = registry.snapshot();
    gate.release();
    await reserved;
    assert.equal((await list).servers[0]?.state.kind, 'reserved');
  });

  it('discards a transaction that fails, and continues', async () => {
    const { registry } = await world({ maxServers: 1 });
    await registry.reserve('a', 'r1');
    const { version } = registry.current;
    await assert.rejects(registry.reserve('b', 'r2'), reason);
    assert.equal(registry.current.version, version);
    await registry.dispatch('a', { kind: 'failed', runId: 'r1', reason: 'spawnFailed', message: '', at: 0 });
    await registry.reserve('b', 'r3');
    assert.equal(registry.get('b').state.kind, 'reserved');
  });

  it('notifies every listener although one of them throws', async () => {
    const { registry, log } = await world();
    const versions: number[] = [];
    registry.onDidChange(() => {
      throw new Error('broken view');
    });
    const unsubscribe = registry.onDidChange(({ version }) => void versions.push(version));
    await registry.close();
    unsubscribe();
    await registry.define([]);
    assert.deepEqual([versions, log[0]], [[2], 'A listener of the registry failed: broken view']);
  });

  it('lets a listener ask for changes', async () => {
    const { registry } = await world();
    const dispatched = new Promise<Snapshot>((resolve) => {
      const unsubscribe = registry.onDidChange(() => {
        unsubscribe();
        resolve(registry.close());
      });
    });
    await registry.reserve('a', 'r');
    assert.equal((await dispatched).closed, true);
  });

  it('refuses every start once it is closed', async () => {
    const { registry } = await world();
    await registry.close();
    await assert.rejects(registry.reserve('a', 'r'), { reason: 'closed' });
  });

  it('keeps the record of a definition that did not change, whatever else did', async () => {
    const { registry } = await world();
    const [a] = registry.current.servers;
    await registry.define([definition('a'), definition('d')]);
    assert.equal(registry.current.servers[0], a);
    await registry.define([definition('a', { port: 1 })]);
    assert.notEqual(registry.current.servers[0], a);
  });

  it('keeps a running server without a definition until it has ended', async () => {
    const { registry, lifecycle, states } = await world();
    await lifecycle.start('a');
    await registry.define([definition('b')]);
    assert.deepEqual(states(), ['b: stopped', 'a: starting']);
    await lifecycle.stop('a');
    assert.deepEqual(states(), ['b: stopped']);
  });

  it('keeps the record of a server without definition as long as nothing of it changes', async () => {
    const { registry, lifecycle } = await world();
    await lifecycle.start('a');
    await registry.define([]);
    const [record] = registry.current.servers;
    await registry.define([]);
    assert.deepEqual(
      [record?.retired, Object.isFrozen(record), registry.current.servers[0] === record],
      [true, true, true],
    );
    await registry.define([definition('a')]);
    assert.equal(registry.get('a').retired, false);
  });

  it('keeps a server that is not found yet, with its changes during the search', async () => {
    const { registry, lifecycle, processes, states } = await world();
    await lifecycle.start('a');
    await registry.define([definition('b')], { isComplete: false });
    const { retired, state } = registry.get('a');
    const exit = { kind: 'code', code: 1 } as const;
    const end = { exit, interrupted: false, tail: [], survivors: [] };
    processes.emit({ kind: 'ended', runId: runIdOf(state) ?? '', ...end });
    await registry.snapshot();
    assert.deepEqual([retired, states()], [false, ['b: stopped', 'a: crashed', 'c: stopped']]);
    await registry.define([definition('a'), definition('b')]);
    assert.deepEqual(states(), ['a: crashed', 'b: stopped']);
  });

  it('names the server that it does not know', async () => {
    const { registry } = await world();
    await assert.rejects(registry.reserve('x', 'r'), { reason: 'unknownServer', message: /"x"/ });
  });

  it('names the event and the state when they do not fit', async () => {
    const { registry } = await world();
    await assert.rejects(registry.dispatch('a', { kind: 'stop', runId: 'r' }), {
      reason: 'illegalEvent',
      message: '"stop" is not possible for a while stopped.',
    });
  });
});
