import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  restoreIdle,
  restoreRunning,
  type RestoreDeps,
} from '../../../../src/core/handOver/restoreServers.js';
import { parseSavedServer, type SavedServer } from '../../../../src/core/handOver/savedServer.js';
import { WindowMemory } from '../../../../src/core/handOver/windowMemory.js';
import type { RunEvent, RunFacts } from '../../../../src/core/lifecycle/processHost.js';
import { RestartPolicy } from '../../../../src/core/restart/restartPolicy.js';
import { ServerError } from '../../../../src/core/server/errors.js';
import type { ServerId } from '../../../../src/core/server/identity.js';
import { runIdOf } from '../../../../src/core/server/stateQueries.js';
import { AssignedPorts } from '../../../../src/core/tcpPorts/assignedPorts.js';
import { definition, endpoint, held, world, type World } from '../support/fakes.js';
import { FakeTime, settled } from '../support/fakeTime.js';

const ended = (runId: string): RunEvent => ({
  kind: 'ended',
  runId,
  exit: { kind: 'code', code: 1 },
  interrupted: false,
  tail: [],
  survivors: [],
});

interface Window extends World {
  readonly time: FakeTime;
  readonly ports: AssignedPorts;
  readonly restarts: RestartPolicy;
  /** What the process host keeps for the next window. */
  readonly saved: Map<string, { readonly value: string; readonly isReason: boolean }>;
}

/** Opens a window whose servers are restarted after a crash. */
async function openWindow(): Promise<Window> {
  const time = new FakeTime();
  const ports = new AssignedPorts();
  const restarts = new RestartPolicy({ mode: () => 'on-failure', clock: time });
  const opened = await world({ deps: { clock: time, restarts, assignedPorts: ports } });
  const saved: Window['saved'] = new Map();
  const save = (key: string, value: string | undefined, isReason: boolean): void => {
    if (value === undefined) saved.delete(key);
    else saved.set(key, { value, isReason });
  };
  const portOf = (id: ServerId): number | undefined => ports.of(id);
  void new WindowMemory({ registry: opened.registry, store: { save }, portOf, restarts });
  return { ...opened, time, ports, restarts, saved };
}

const restoreDeps = (window: Window): RestoreDeps => ({
  ...window,
  starts: window.dependencyStart,
  log: { info: () => undefined, error: (message) => window.log.push(message) },
});

const savedBy = ({ saved }: Window): SavedServer[] =>
  [...saved.values()].flatMap(({ value }) => parseSavedServer(value) ?? []);

/** Restores in a new window what the earlier one left. `events` are what the process host knows, by run. */
async function reload(
  earlier: Window,
  runs: readonly { readonly runId: string; readonly events?: readonly RunEvent[] }[] = [],
): Promise<Window & { readonly others: readonly SavedServer[] }> {
  const next = await openWindow();
  const deps = restoreDeps(next);
  const facts = runs.map(({ runId, events = [] }): RunFacts => ({ runId, ageMs: 7000, events }));
  const others = await restoreRunning(savedBy(earlier), facts, deps);
  await settled();
  await restoreIdle(others, deps);
  await settled();
  return { ...next, others };
}

const stateOf = ({ registry }: World, id = 'a') => registry.get(id).state;

const runOf = (window: World, id = 'a'): string => runIdOf(stateOf(window, id)) ?? assert.fail('no run');

describe('a reloaded window', () => {
  it('restores a ready server with its run, address, port, origin and start time', async () => {
    const earlier = await openWindow();
    await earlier.time.pass(5000);
    const startedBy = { kind: 'agent', name: 'Agent', caller: 'chat' } as const;
    await earlier.lifecycle.start('a', { startedBy });
    earlier.ports.assign('a', 4000);
    const runId = runOf(earlier);
    earlier.processes.emit({ kind: 'ready', runId, endpoint: endpoint('http://localhost:4000') });
    await settled();
    const next = await reload(earlier, [{ runId }]);
    const state = stateOf(earlier);
    assert.ok(state.kind === 'ready');
    // The age is that of the process host, whose clock goes on.
    assert.deepEqual(stateOf(next), { ...state, run: { ...state.run, startedTick: -7000 } });
    assert.equal(next.ports.of('a'), 4000);
    assert.deepEqual(next.processes.calls, []);
  });

  it('applies what happened in the meantime: readiness, and a crash with its planned restart', async () => {
    const earlier = await openWindow();
    await earlier.lifecycle.start('a');
    await earlier.lifecycle.start('b');
    const [a, b] = [runOf(earlier), runOf(earlier, 'b')];
    const next = await reload(earlier, [
      { runId: a, events: [{ kind: 'ready', runId: a, endpoint: undefined }] },
      { runId: b, events: [ended(b)] },
    ]);
    assert.deepEqual(next.states(), ['a: ready', 'b: crashed', 'c: stopped']);
    const { crash } = stateOf(next, 'b') as { crash: { restart?: unknown } };
    assert.deepEqual(crash.restart, { kind: 'planned', delayMs: 1000 });
  });

  it('keeps the count of crashes, and a planned restart', async () => {
    const earlier = await openWindow();
    for (const delayMs of [1000, 2000]) {
      await earlier.lifecycle.start('a');
      earlier.processes.emit(ended(runOf(earlier)));
      await settled();
      assert.deepEqual((stateOf(earlier) as { crash: { restart?: unknown } }).crash.restart, {
        kind: 'planned',
        delayMs,
      });
    }
    assert.equal([...earlier.saved.values()].at(-1)?.isReason, true);
    const next = await reload(earlier);
    assert.deepEqual(stateOf(next), stateOf(earlier));
    await next.lifecycle.startAgain('a');
    next.processes.emit(ended(runOf(next)));
    await settled();
    assert.deepEqual((stateOf(next) as { crash: { restart?: unknown } }).crash.restart, {
      kind: 'planned',
      delayMs: 4000,
    });
  });

  it('continues a stop, even if the server has ended in the meantime', async () => {
    const earlier = await openWindow();
    await earlier.lifecycle.start('a');
    const runId = runOf(earlier);
    const { promise, release } = held();
    earlier.processes.gate = () => promise;
    void earlier.lifecycle.stop('a');
    await settled();
    assert.equal(stateOf(earlier).kind, 'stopping');
    const next = await reload(earlier, [{ runId, events: [ended(runId)] }]);
    assert.deepEqual(
      [next.processes.calls, stateOf(next)],
      [['stop 5000'], { kind: 'stopped', lastEnd: undefined }],
    );
    release();
  });

  it('joins a start in progress, and shows why it fails', async () => {
    const earlier = await openWindow();
    const { promise, release } = held();
    earlier.processes.gate = () => promise;
    void earlier.lifecycle.start('a');
    await settled();
    const runId = runOf(earlier);
    assert.equal(stateOf(earlier).kind, 'reserved');
    const next = await openWindow();
    next.processes.failStart = new ServerError('spawnFailed', 'no such program');
    const facts = { runId, ageMs: 0, events: [] };
    const { listed, outcome } = next.lifecycle.restore({
      definition: definition('a'),
      state: stateOf(earlier),
      facts,
    });
    await listed;
    assert.equal(stateOf(next).kind, 'reserved');
    await assert.rejects(outcome, { reason: 'spawnFailed' });
    assert.equal(stateOf(next).kind, 'crashed');
    release();
  });

  /** Opens a window after one in which `b` waited for `a`, of which the process host had not heard. Both start again. */
  async function reloadBeforeSpawn(): Promise<Window> {
    const earlier = await openWindow();
    const definitions = [definition('a'), definition('b', { dependsOn: ['a'] })];
    await earlier.registry.define(definitions);
    earlier.processes.gate = () => held().promise;
    void earlier.dependencyStart.startAll(['a', 'b']);
    await settled();
    assert.deepEqual(earlier.states(), ['a: reserved', 'b: queued']);
    const next = await openWindow();
    await next.registry.define(definitions);
    await restoreIdle(savedBy(earlier), restoreDeps(next));
    await settled();
    assert.deepEqual(next.states(), ['a: starting', 'b: queued']);
    return next;
  }

  it('starts servers that the process host does not know, and queues waiting ones again', async () => {
    const next = await reloadBeforeSpawn();
    next.processes.emit({ kind: 'ready', runId: runOf(next), endpoint: undefined });
    await settled();
    await settled();
    assert.deepEqual(next.states(), ['a: ready', 'b: starting']);
  });

  it('logs nothing about a start that still waits when the window closes, since the next window starts it', async () => {
    const next = await reloadBeforeSpawn();
    await next.registry.close();
    await settled();
    assert.deepEqual(next.log, []);
  });

  it('stops an unknown run, and a run of a server that it has started itself', async () => {
    const earlier = await openWindow();
    await earlier.lifecycle.start('a');
    const runId = runOf(earlier);
    const next = await openWindow();
    await next.lifecycle.start('a');
    const saved = savedBy(earlier);
    const stopped: string[] = [];
    const stop: RestoreDeps['processes']['stop'] = (request) => {
      stopped.push(request.runId);
      return next.processes.stop(request);
    };
    const own = runOf(next);
    const runs = [runId, 'unknown-1'].map((each) => ({ runId: `x${each}`, ageMs: 0, events: [] }));
    const [server = assert.fail()] = saved;
    assert.ok(server.state.kind === 'starting');
    const run = { ...server.state.run, id: `x${runId}` };
    const renamed = [{ ...server, state: { ...server.state, run } }];
    await restoreRunning(renamed, runs, { ...restoreDeps(next), processes: { stop } });
    await settled();
    assert.deepEqual(stopped.toSorted(), ['xunknown-1', `x${runId}`].toSorted());
    assert.equal(runOf(next), own);
  });

  it('leaves a run to the next window when it is closed while it restores servers', async () => {
    const earlier = await openWindow();
    await earlier.lifecycle.start('a');
    const next = await openWindow();
    await next.registry.close();
    await restoreRunning(
      savedBy(earlier),
      [{ runId: runOf(earlier), ageMs: 0, events: [] }],
      restoreDeps(next),
    );
    await settled();
    assert.deepEqual([next.processes.calls, stateOf(next).kind], [[], 'stopped']);
  });

  it('deletes the saved state of stopped servers', async () => {
    const earlier = await openWindow();
    await earlier.lifecycle.start('a');
    assert.deepEqual([...earlier.saved.keys()], ['server a']);
    await earlier.lifecycle.stop('a');
    assert.deepEqual([...earlier.saved.keys()], []);
  });
});
