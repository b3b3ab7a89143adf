import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { AssignedPorts } from '../../../../src/core/tcpPorts/assignedPorts.js';
import { everyOrder, type Gate } from '../support/everyOrder.js';
import { definition, endpoint, world, type World } from '../support/fakes.js';
import type { Snapshot } from '../../../../src/core/registry/snapshot.js';

/**
 * Creates a world in which `a` runs; from then on every admission, start and stop waits at the gate, and with
 * `gatesPorts` every query of a port.
 */
async function gatedWorld(gate: Gate, gatesPorts = false): Promise<World> {
  let open = true;
  const waiting: Gate = () => (open ? Promise.resolve() : gate());
  const assignedPorts = new AssignedPorts();
  assignedPorts.admit = () => waiting();
  const made = await world({ admitting: waiting, ...(gatesPorts && { deps: { assignedPorts } }) });
  await made.lifecycle.start('a');
  made.processes.gate = waiting;
  open = false;
  return made;
}

/** Creates the same world with a `b` that depends on `a`, which is not ready yet. */
async function dependentWorld(gate: Gate): Promise<World> {
  const made = await gatedWorld(gate, true);
  await made.registry.define([definition('a'), definition('b', { dependsOn: ['a'] }), definition('c')]);
  return made;
}

function becomesReady({ processes }: World, id: string): void {
  const runId = [...processes.alive.keys()].find((each) => each.startsWith(id));
  if (runId !== undefined)
    processes.emit({ kind: 'ready', runId, endpoint: endpoint('http://localhost:1/') });
}

/** Drains the promise queue. */
function rested(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Returns the outcome of an operation, or the reason of its failure. */
function told(operation: Promise<{ readonly kind: string } | undefined>): Promise<string> {
  return operation.then(
    (outcome) => outcome?.kind ?? 'declined',
    (error: { readonly reason: string }) => error.reason,
  );
}

/** Ends the process of a server, if there is one. */
function endByItself({ processes }: World, id: string): void {
  const runId = [...processes.alive.keys()].find((each) => each.startsWith(id));
  if (runId === undefined) return;
  processes.alive.delete(runId);
  const exit = { kind: 'code', code: 1 } as const;
  processes.emit({ kind: 'ended', runId, exit, interrupted: false, tail: [], survivors: [] });
}

/** Returns the distinct results, as texts. */
function differing(results: readonly unknown[]): string[] {
  return [...new Set(results.map((result) => JSON.stringify(result)))].toSorted();
}

describe('in every order,', () => {
  it('concurrent start and stop', async () => {
    const results = await everyOrder(async (gate) => {
      const { lifecycle, processes, states } = await gatedWorld(gate);
      const outcomes = await Promise.all(
        [
          lifecycle.stop('a'),
          lifecycle.start('a'),
          lifecycle.start('a'),
          lifecycle.start('b'),
          lifecycle.stop('b'),
        ].map((operation) => told(operation)),
      );
      return [outcomes, states(), processes.alive.size, processes.calls.length];
    });
    assert.deepEqual(differing(results), [
      JSON.stringify([
        ['stopped', 'started', 'started', 'started', 'stopped'],
        ['a: starting', 'b: stopped', 'c: stopped'],
        1,
        5,
      ]),
    ]);
    assert.ok(results.length >= 10, `${results.length} orders`);
  });

  it('concurrent stops', async () => {
    const results = await everyOrder(async (gate) => {
      const made = await gatedWorld(gate);
      const { lifecycle, dependencyStop, processes, states } = made;
      const first = [lifecycle.stop('a'), lifecycle.stop('a')].map((operation) => told(operation));
      const later = gate().then(() => told(lifecycle.stop('a')));
      const all = gate().then(() => dependencyStop.stopEverything());
      await gate().then(() => endByItself(made, 'a'));
      await Promise.all([...first, later, all]);
      return [await Promise.all(first), await later, states()[0], processes.alive.size, processes.calls];
    });
    const one = ['a: stopped', 0, ['start a', 'stop 5000']];
    assert.deepEqual(differing(results), [
      JSON.stringify([['stopped', 'stopped'], 'notRunning', ...one]),
      JSON.stringify([['stopped', 'stopped'], 'stopped', ...one]),
    ]);
  });

  it('list during modification', async () => {
    const results = await everyOrder(async (gate) => {
      const { registry, lifecycle } = await gatedWorld(gate);
      const lists: { readonly snapshot: Snapshot; readonly text: string }[] = [];
      const list = async (): Promise<void> => {
        const snapshot = await registry.snapshot();
        lists.push({ snapshot, text: JSON.stringify(snapshot) });
      };
      registry.onDidChange(() => void list());
      const defined = gate()
        .then(list)
        .then(() => registry.define(['a', 'b', 'd'].map((id) => definition(id))));
      await Promise.all([lifecycle.restart('a'), told(lifecycle.start('b')), defined, list()]);
      await list();
      const byVersion = new Map(lists.map(({ snapshot }) => [snapshot.version, snapshot]));
      return {
        changed: lists.filter(({ snapshot, text }) => JSON.stringify(snapshot) !== text).length,
        doubled: lists.filter(({ snapshot }) => byVersion.get(snapshot.version) !== snapshot).length,
        shrunk: lists.filter(({ snapshot }, at) => {
          const before = lists[at - 1]?.snapshot.version ?? 0;
          return snapshot.version < before;
        }).length,
        last: lists.at(-1)?.snapshot.servers.map((record) => `${record.definition.id}: ${record.state.kind}`),
      };
    });
    assert.deepEqual(differing(results), [
      JSON.stringify({
        changed: 0,
        doubled: 0,
        shrunk: 0,
        last: ['a: starting', 'b: starting', 'd: stopped'],
      }),
    ]);
    assert.ok(results.length >= 10, `${results.length} orders`);
  });

  it('cleanup race', async () => {
    const results = await everyOrder(async (gate) => {
      const made = await gatedWorld(gate);
      const { registry, lifecycle, processes } = made;
      const operations = [lifecycle.restart('a'), lifecycle.start('b')].map((operation) => told(operation));
      const crashed = gate().then(() => endByItself(made, 'b'));
      await gate();
      const [report, again] = await Promise.all([lifecycle.cleanup(), lifecycle.cleanup()]);
      const before = processes.calls.length;
      const late = await Promise.all(['a', 'b', 'c'].map((id) => told(lifecycle.start(id))));
      await Promise.all([...operations, crashed]);
      return {
        report,
        same: report === again,
        late,
        started: processes.calls.length - before,
        alive: processes.alive.size,
        running: registry.current.servers.filter(({ state }) => 'run' in state).length,
      };
    });
    assert.deepEqual(differing(results), [
      JSON.stringify({
        report: { survivors: [] },
        same: true,
        late: ['closed', 'closed', 'closed'],
        started: 0,
        alive: 0,
        running: 0,
      }),
    ]);
    assert.ok(results.length >= 100, `${results.length} orders`);
  });

  it('start and stop of a server that waits for another', async () => {
    const results = await everyOrder(async (gate) => {
      const made = await dependentWorld(gate);
      const { lifecycle, dependencyStart, processes, states } = made;
      const start = told(dependencyStart.start('b'));
      const ready = gate().then(() => becomesReady(made, 'a'));
      const stop = gate().then(() => told(lifecycle.stop('b')));
      const outcomes = await Promise.all([start, stop]);
      await ready;
      await rested();
      return [outcomes, states().slice(0, 2), processes.alive.size];
    });
    const end = [['a: ready', 'b: stopped'], 1];
    assert.deepEqual(differing(results), [
      JSON.stringify([['cancelled', 'notRunning'], ...end]),
      JSON.stringify([['started', 'stopped'], ...end]),
    ]);
  });

  it('cleanup while a server waits for another', async () => {
    const results = await everyOrder(async (gate) => {
      const made = await dependentWorld(gate);
      const { lifecycle, dependencyStart, processes, states } = made;
      const start = told(dependencyStart.start('b'));
      const ready = gate().then(() => becomesReady(made, 'a'));
      const report = await gate().then(() => lifecycle.cleanup());
      const outcome = await start;
      const calls = processes.calls.length;
      await ready;
      await rested();
      return [outcome, report, states(), processes.alive.size, processes.calls.length - calls];
    });
    const end = [{ survivors: [] }, ['a: stopped', 'b: stopped', 'c: stopped'], 0, 0];
    assert.deepEqual(differing(results), [
      JSON.stringify(['closed', ...end]),
      JSON.stringify(['started', ...end]),
    ]);
  });

  it('a crash of a server as another that waits for it is about to be started', async () => {
    const early: string[] = [];
    const results = await everyOrder(async (gate) => {
      const made = await dependentWorld(gate);
      const { registry, dependencyStart } = made;
      let seen: unknown;
      registry.onDidChange(({ servers }) => {
        const [a, b] = servers.map(({ state }) => state.kind);
        const isReserved = b === 'reserved' && registry.get('b').state !== seen;
        seen = registry.get('b').state;
        if (isReserved && a !== 'ready') early.push(`b is reserved while a is ${a}`);
      });
      const start = told(dependencyStart.start('b'));
      const crash = gate()
        .then(() => becomesReady(made, 'a'))
        .then(gate)
        .then(() => endByItself(made, 'a'));
      const [outcome] = await Promise.all([start, crash]);
      const waits = registry.current.servers.filter(({ state }) => state.kind === 'queued');
      return [outcome, waits.length];
    });
    assert.deepEqual(early, []);
    assert.deepEqual(differing(results), [
      JSON.stringify(['dependencyFailed', 0]),
      JSON.stringify(['started', 0]),
    ]);
  });
});
