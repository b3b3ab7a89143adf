import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ServerError } from '../../../../src/core/server/errors.js';
import { rowDescription } from '../../../../src/core/views/rowDescription.js';
import { endpoint, definition, english, held, world } from '../support/fakes.js';
import { startedBy } from '../../../../src/core/server/stateQueries.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the lifecycle', () => {
  it('starts a server, records its address, and stops it', async () => {
    const { registry, lifecycle, processes, states } = await world();
    assert.deepEqual(await lifecycle.start('a'), { kind: 'started' });
    assert.deepEqual(registry.get('a').state, {
      kind: 'starting',
      run: {
        id: 'a-1',
        process: { pid: 101, startTime: '7', bootId: 'b' },
        startedAt: 1_000_000,
        startedTick: 500,
      },
    });
    processes.emit({ kind: 'ready', runId: 'a-1', endpoint: endpoint('http://localhost:1/') });
    await registry.snapshot();
    assert.deepEqual(states(), ['a: ready', 'b: stopped', 'c: stopped']);
    assert.deepEqual(await lifecycle.stop('a'), { kind: 'stopped', forced: false, busyPorts: [] });
    assert.deepEqual(
      [states()[0], processes.alive.size, processes.calls],
      ['a: stopped', 0, ['start a', 'stop 5000']],
    );
  });

  it('makes one process of two starts at once', async () => {
    const { lifecycle, processes } = await world();
    assert.deepEqual(await Promise.all([lifecycle.start('a'), lifecycle.start('a')]), [
      { kind: 'started' },
      { kind: 'started' },
    ]);
    assert.deepEqual(processes.calls, ['start a']);
    assert.deepEqual(await lifecycle.start('a'), { kind: 'alreadyRunning' });
  });

  it('records who started a server; joining a running server does not change it, a restart does', async () => {
    const { lifecycle, registry } = await world();
    const agents = ['Copilot', 'Other'].map((name) => ({ kind: 'agent', name, caller: name }) as const);
    const [first, second] = agents;
    const origin = () => startedBy(registry.get('a').state);
    await Promise.all(agents.map((each) => lifecycle.start('a', { startedBy: each })));
    assert.deepEqual(origin(), first);
    await lifecycle.start('a');
    assert.deepEqual(origin(), first);
    await lifecycle.restart('a', second);
    assert.deepEqual(origin(), second);
    await lifecycle.restart('a');
    assert.equal(origin(), undefined);
  });

  it('passes a chosen port to the server, also at a restart, but not at the next start', async () => {
    const { lifecycle, processes, registry } = await world();
    const portInState = (): number | undefined => {
      const { state } = registry.get('a');
      return 'run' in state ? state.run.port : undefined;
    };
    await lifecycle.start('a', { port: 4711 });
    assert.equal(portInState(), 4711);
    assert.deepEqual([processes.alive.get('a-1')?.env, lifecycle.chosenPort('a')], [{ PORT: '4711' }, 4711]);
    await lifecycle.restart('a');
    assert.deepEqual(processes.alive.get('a-2')?.env, { PORT: '4711' });
    await lifecycle.stop('a');
    await lifecycle.start('a');
    assert.deepEqual([processes.alive.get('a-3')?.env, lifecycle.chosenPort('a')], [{}, undefined]);
    assert.equal(portInState(), undefined);
  });

  it('does not start a server on a port that cannot be passed to it', async () => {
    const { registry, lifecycle, states } = await world();
    await registry.define([definition('a', { script: { body: 'serve -l 3000', argumentPrefix: [] } })]);
    await assert.rejects(lifecycle.start('a', { port: 4711 }), { reason: 'badRequest' });
    assert.deepEqual(states(), ['a: stopped']);
  });

  it('answers two stops at once with one result', async () => {
    const { lifecycle, processes } = await world();
    await lifecycle.start('a');
    const results = await Promise.all([lifecycle.stop('a'), lifecycle.stop('a')]);
    assert.equal(results[0], results[1]);
    assert.deepEqual(processes.calls, ['start a', 'stop 5000']);
    assert.deepEqual(await lifecycle.stop('a'), { kind: 'notRunning' });
  });

  it('stops the process of a simultaneous start', async () => {
    const { lifecycle, processes, states } = await world();
    await Promise.all([lifecycle.start('a'), lifecycle.stop('a')]);
    assert.deepEqual([states()[0], processes.alive.size], ['a: stopped', 0]);
  });

  it('stops a server with its own signal and grace', async () => {
    const { lifecycle, registry, processes } = await world();
    const overrides = { stopSignal: 'SIGINT', stopTimeout: 1, restart: undefined, ready: undefined } as const;
    await registry.define([definition('a', { overrides })]);
    await lifecycle.start('a');
    await lifecycle.stop('a');
    assert.deepEqual(processes.calls, ['start a', 'stop by SIGINT 1000']);
  });

  it('does not answer a stop with the result of one from before a start', async () => {
    const { lifecycle, processes } = await world();
    await lifecycle.start('a');
    const first = lifecycle.stop('a');
    const again = lifecycle.start('a');
    const second = lifecycle.stop('a');
    await Promise.all([first, again, second]);
    assert.deepEqual(processes.calls, ['start a', 'stop 5000', 'start a', 'stop 5000']);
    assert.equal(processes.alive.size, 0);
  });

  it('restarts with a new process, and with no operation between stop and start', async () => {
    const { lifecycle, processes, states } = await world();
    await lifecycle.start('a');
    await Promise.all([lifecycle.restart('a'), lifecycle.restart('a')]);
    assert.deepEqual([processes.onlyRun, states()[0]], ['a-2', 'a: starting']);
  });

  it('runs operations on different servers in parallel', async () => {
    const { lifecycle, processes } = await world();
    const gate = held();
    processes.gate = () => gate.promise;
    const starts = ['a', 'b', 'c'].map((id) => lifecycle.start(id));
    await settled();
    assert.deepEqual(processes.calls, ['start a', 'start b', 'start c']);
    gate.release();
    await Promise.all(starts);
  });

  it('reports why a start failed, records it, and can start again', async () => {
    const { registry, lifecycle, processes } = await world();
    processes.failStart = new ServerError('spawnFailed', 'The command "npm" was not found.');
    await assert.rejects(lifecycle.start('a'), { reason: 'spawnFailed' });
    assert.deepEqual(registry.get('a').state, {
      kind: 'crashed',
      crash: {
        kind: 'failure',
        reason: 'spawnFailed',
        message: 'The command "npm" was not found.',
        at: 1_000_000,
      },
    });
    processes.failStart = undefined;
    assert.deepEqual(await lifecycle.start('a'), { kind: 'started' });
  });

  it('records a thrown value that is not a server error, too', async () => {
    const { lifecycle, processes } = await world();
    processes.failStart = new TypeError('no function');
    await assert.rejects(lifecycle.start('a'), { reason: 'spawnFailed', message: 'no function' });
  });

  it('refuses to start beside surviving processes, and can try to stop them again', async () => {
    const { lifecycle, processes, states } = await world();
    await lifecycle.start('a');
    processes.survivors = [
      { pid: 9, command: 'node x' },
      { pid: 10, command: 'y' },
    ];
    await assert.rejects(lifecycle.stop('a'), {
      reason: 'survivors',
      message: 'a could not be stopped. Still running: 9 (node x), 10 (y).',
    });
    assert.equal(states()[0], 'a: stopFailed');
    await assert.rejects(lifecycle.start('a'), { reason: 'survivors' });
    processes.survivors = [];
    await lifecycle.stop('a');
    assert.deepEqual(await lifecycle.start('a'), { kind: 'started' });
  });

  it('reports that nothing ran when the server ends just before the stop', async () => {
    const { lifecycle, processes } = await world();
    await lifecycle.start('a');
    const exit = { kind: 'code', code: 0 } as const;
    processes.emit({ kind: 'ended', runId: 'a-1', exit, interrupted: false, tail: [], survivors: [] });
    assert.deepEqual(await lifecycle.stop('a'), { kind: 'notRunning' });
  });

  it('reports processes that survived a server which ended on its own', async () => {
    const { registry, lifecycle, processes } = await world();
    await lifecycle.start('a');
    const survivors = [{ pid: 9, command: 'node x' }];
    const exit = { kind: 'code', code: 0 } as const;
    processes.emit({ kind: 'ended', runId: 'a-1', exit, interrupted: false, tail: [], survivors });
    await registry.snapshot();
    assert.equal(registry.get('a').state.kind, 'stopFailed');
  });

  it('ignores events of an earlier run after its end', async () => {
    const { lifecycle, processes, states, registry } = await world();
    await lifecycle.start('a');
    await lifecycle.restart('a');
    const exit = { kind: 'code', code: 1 } as const;
    processes.emit({ kind: 'ended', runId: 'a-1', exit, interrupted: false, tail: [], survivors: [] });
    processes.emit({ kind: 'ready', runId: 'a-1', endpoint: endpoint('http://localhost:1/') });
    await registry.snapshot();
    assert.equal(states()[0], 'a: starting');
  });

  it('logs events that come too late for their run, and forgets ended runs', async () => {
    const { lifecycle, processes, log } = await world();
    await lifecycle.start('a');
    const late = { kind: 'ready', runId: 'a-1', endpoint: endpoint('http://localhost:1/') } as const;
    const exit = { kind: 'code', code: 0 } as const;
    processes.emit({ kind: 'ended', runId: 'a-1', exit, interrupted: false, tail: [], survivors: [] });
    processes.emit(late);
    await settled();
    assert.deepEqual(log, ['a: "ready" is not possible for a while stopped.']);
    processes.emit(late);
    processes.emit({ kind: 'hostLost', message: 'The process host was lost.' });
    await settled();
    assert.equal(log.length, 1);
  });

  it('marks every server as crashed when the process host is lost, and starts again', async () => {
    const { registry, lifecycle, processes, states } = await world();
    await Promise.all([lifecycle.start('a'), lifecycle.start('b')]);
    processes.emit({ kind: 'hostLost', message: 'The process host was lost: SIGKILL.' });
    await registry.snapshot();
    assert.deepEqual(states(), ['a: crashed', 'b: crashed', 'c: stopped']);
    assert.deepEqual(registry.get('a').state, {
      kind: 'crashed',
      crash: {
        kind: 'failure',
        reason: 'hostLost',
        message: 'The process host was lost: SIGKILL.',
        at: 1_000_000,
      },
    });
    assert.deepEqual(await lifecycle.start('a'), { kind: 'started' });
  });

  it('stops every running server, and reports which could not be stopped', async () => {
    const { lifecycle, dependencyStop, processes } = await world();
    await Promise.all([lifecycle.start('a'), lifecycle.start('b')]);
    const results = await dependencyStop.stopEverything();
    assert.deepEqual(
      [results.map(({ status }) => status), processes.alive.size],
      [['fulfilled', 'fulfilled'], 0],
    );
  });
});

describe('operations that cross each other', () => {
  const sweep = {
    kind: 'ended',
    runId: 'a-1',
    exit: { kind: 'code', code: 1 },
    interrupted: false,
    tail: [],
  } as const;
  const survivors = [{ pid: 9, command: 'node x' }];

  it('start the definition at the time of the reservation, not at the time of the request', async () => {
    const gate = held();
    const { registry, lifecycle, processes } = await world({ admitting: () => gate.promise });
    const other = lifecycle.start('b');
    await settled();
    const command = { kind: 'argv', file: 'npm', args: ['run', 'new'] } as const;
    const defined = registry.define([definition('a', { command }), definition('b')]);
    const start = lifecycle.start('a');
    gate.release();
    await Promise.all([other, start, defined]);
    assert.deepEqual(processes.calls, ['start b', 'start new']);
  });

  it('leave a server stopped after a stop that ended the survivors of an earlier sweep', async () => {
    const { lifecycle, processes, states } = await world();
    await lifecycle.start('a');
    const gate = held();
    processes.gate = () => gate.promise;
    const stop = lifecycle.stop('a');
    await settled();
    processes.emit({ ...sweep, survivors });
    await settled();
    assert.equal(states()[0], 'a: stopping');
    gate.release();
    assert.deepEqual(await stop, { kind: 'stopped', forced: false, busyPorts: [] });
    assert.equal(states()[0], 'a: stopped');
    assert.deepEqual(await lifecycle.start('a'), { kind: 'started' });
    assert.deepEqual((await lifecycle.stop('a')).kind, 'stopped');
  });

  it('leave a server stopped when the last survivor of a stop exits on its own', async () => {
    const { registry, lifecycle, processes } = await world();
    await lifecycle.start('a');
    processes.survivors = survivors;
    await assert.rejects(lifecycle.stop('a'), { reason: 'survivors' });
    processes.emit({ ...sweep, survivors: [] });
    await registry.snapshot();
    assert.deepEqual(registry.get('a').state, { kind: 'stopped', lastEnd: undefined });
  });

  it('count a server as alive when its stop was refused, and can stop it again', async () => {
    const { registry, lifecycle, processes, log } = await world();
    await lifecycle.start('a');
    processes.failStop = new Error('not understood');
    await assert.rejects(lifecycle.stop('a'), { reason: 'survivors', message: /101 \(npm run a\)/ });
    const { state } = registry.get('a');
    assert.deepEqual(state.kind === 'stopFailed' && state.survivors, [{ pid: 101, command: 'npm run a' }]);
    assert.deepEqual(log, ['a could not be stopped: not understood']);
    await assert.rejects(lifecycle.start('a'), { reason: 'survivors' });
    processes.failStop = undefined;
    assert.equal((await lifecycle.stop('a')).kind, 'stopped');
  });

  it('leave a server crashed when the process host ends during a stop', async () => {
    const { lifecycle, processes, states } = await world();
    await lifecycle.start('a');
    processes.failStop = new ServerError('hostLost', 'The process host was lost.');
    await assert.rejects(lifecycle.stop('a'), { reason: 'hostLost' });
    assert.equal(states()[0], 'a: crashed');
  });

  it('stop queued servers together with all others', async () => {
    const gate = held();
    const { lifecycle, dependencyStop, processes } = await world({ admitting: () => gate.promise });
    const starts = [lifecycle.start('a'), lifecycle.start('b')];
    await settled();
    const all = dependencyStop.stopEverything();
    gate.release();
    await Promise.all(starts);
    assert.deepEqual(
      [(await all).map(({ status }) => status), processes.alive.size],
      [['fulfilled', 'fulfilled'], 0],
    );
  });

  it('are included in the report of a clean-up when they stop a server at its end', async () => {
    const { lifecycle, processes } = await world();
    await lifecycle.start('a');
    const gate = held();
    processes.survivors = survivors;
    processes.gate = () => gate.promise;
    const cleanup = lifecycle.cleanup();
    await settled();
    const again = assert.rejects(lifecycle.restart('a'), { reason: 'survivors' });
    const longer = held();
    processes.gate = () => longer.promise;
    gate.release();
    assert.deepEqual(await cleanup, {
      survivors: [{ id: 'a', processes: [{ pid: 101, command: 'npm run a' }] }],
    });
    longer.release();
    await again;
  });
});

describe('an adoption', () => {
  const orphan = {
    runId: 'old-1',
    serverId: 'a',
    cwd: '/shop',
    process: { pid: 7, startTime: '1', bootId: 'b' },
    url: 'http://localhost:1/',
    hostPid: 6,
  };

  it('takes over a server that can then be stopped like any other', async () => {
    const { lifecycle, processes, registry } = await world();
    assert.deepEqual(await lifecycle.adopt(orphan), { kind: 'started' });
    const { state } = registry.get('a');
    assert.deepEqual([state.kind, 'url' in state && state.url], ['external', 'http://localhost:1/']);
    assert.deepEqual(await lifecycle.start('a'), { kind: 'alreadyRunning' });
    await lifecycle.stop('a');
    assert.deepEqual(
      [processes.calls, registry.get('a').state.kind],
      [['adopt old-1', 'stop 5000'], 'stopped'],
    );
  });

  it('ends with the server', async () => {
    const { lifecycle, processes, registry } = await world();
    await lifecycle.adopt(orphan);
    const exit = { kind: 'unknown' } as const;
    processes.emit({ kind: 'ended', runId: 'old-1', exit, interrupted: false, tail: [], survivors: [] });
    await registry.snapshot();
    assert.deepEqual(registry.get('a').state, { kind: 'stopped', lastEnd: undefined });
  });

  it('is refused for a server that was started in the meantime', async () => {
    const { lifecycle, processes } = await world();
    await lifecycle.start('a');
    assert.deepEqual(
      [await lifecycle.adopt(orphan), processes.calls],
      [{ kind: 'alreadyRunning' }, ['start a']],
    );
  });

  it('is refused by a process host that is gone, and after clean-up', async () => {
    const { lifecycle, processes, registry } = await world();
    processes.failStart = new ServerError('hostLost', 'gone');
    await assert.rejects(lifecycle.adopt(orphan), { reason: 'hostLost' });
    assert.equal(registry.get('a').state.kind, 'crashed');
    await lifecycle.cleanup();
    await assert.rejects(lifecycle.adopt(orphan), {
      reason: 'closed',
      message: 'a was not adopted: the window is closing.',
    });
  });

  it('that fails in an unknown way counts as lost, and the server can be started', async () => {
    const { lifecycle, processes } = await world();
    processes.failStart = new Error('no answer');
    await assert.rejects(lifecycle.adopt(orphan), { reason: 'hostLost', message: 'no answer' });
    processes.failStart = undefined;
    assert.deepEqual(await lifecycle.start('a'), { kind: 'started' });
  });

  it('that begins at the same moment as clean-up is refused or ended by it', async () => {
    for (const turns of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
      const { lifecycle, processes, states } = await world();
      const adoption = lifecycle.adopt(orphan).catch(({ reason }: ServerError) => reason);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      await Promise.all([adoption, lifecycle.cleanup()]);
      const calls = (await adoption) === 'closed' ? [] : ['adopt old-1', 'stop 2000'];
      assert.deepEqual([states()[0], processes.calls], ['a: stopped', calls], `after ${turns} turns`);
    }
  });
});

describe('clean-up', () => {
  it('stops everything within its own grace and refuses starts from then on', async () => {
    const { lifecycle, processes } = await world();
    await Promise.all([lifecycle.start('a'), lifecycle.start('b')]);
    assert.deepEqual(await lifecycle.cleanup(), { survivors: [] });
    assert.deepEqual([processes.alive.size, processes.calls.slice(2)], [0, ['stop 2000', 'stop 2000']]);
    await assert.rejects(lifecycle.start('a'), {
      reason: 'closed',
      message: 'a was not started: the window is closing.',
    });
  });

  it('ends a start in progress', async () => {
    const { lifecycle, processes } = await world();
    const gate = held();
    processes.gate = (call) => (call === 'start' ? gate.promise : Promise.resolve());
    const start = lifecycle.start('a');
    await settled();
    const cleanup = lifecycle.cleanup();
    await settled();
    gate.release();
    await Promise.all([start, cleanup]);
    assert.equal(processes.alive.size, 0);
  });

  it('refuses a start that waits for a stop when it begins', async () => {
    const { lifecycle, processes } = await world();
    await lifecycle.start('a');
    const gate = held();
    processes.gate = () => gate.promise;
    const stop = lifecycle.stop('a');
    const start = lifecycle.start('a');
    const refused = assert.rejects(start, { reason: 'closed' });
    await settled();
    const cleanup = lifecycle.cleanup();
    gate.release();
    await Promise.all([stop, cleanup, refused]);
    assert.equal(processes.alive.size, 0);
  });

  it('shortens a stop in progress whose grace is longer than its own', async () => {
    const { lifecycle, processes } = await world();
    await lifecycle.start('a');
    const gate = held();
    processes.gate = () => gate.promise;
    const stop = lifecycle.stop('a');
    await settled();
    const cleanup = lifecycle.cleanup();
    await settled();
    gate.release();
    await Promise.all([stop, cleanup]);
    assert.deepEqual(processes.calls, ['start a', 'stop 5000', 'stop 2000']);
  });

  it('cancels the start that a stop or a clean-up finds without a process, however early it is called', async () => {
    for (const end of ['stop', 'early stop', 'cleanup'] as const) {
      const { lifecycle, processes, states } = await world();
      const shell = held();
      const cancelled: string[] = [];
      processes.gate = () => shell.promise;
      processes.onCancel = (runId) => {
        cancelled.push(runId);
        processes.failStart = new ServerError('cancelled', 'The start was cancelled.');
        shell.release();
      };
      const start = assert.rejects(lifecycle.start('a'), { reason: 'cancelled' });
      if (end !== 'early stop') await settled();
      const stop = end === 'cleanup' ? lifecycle.cleanup() : lifecycle.stop('a');
      await Promise.all([start, stop]);
      assert.deepEqual(await stop, end === 'cleanup' ? { survivors: [] } : { kind: 'notRunning' });
      assert.deepEqual([cancelled, processes.calls, states()[0]], [['a-1'], ['start a'], 'a: stopped'], end);
    }
  });

  it('leaves a start to itself where the caller may not stop it', async () => {
    const { lifecycle, processes, states } = await world();
    const shell = held();
    processes.gate = () => shell.promise;
    processes.onCancel = () => assert.fail('the start was cancelled');
    const start = lifecycle.start('a');
    await settled();
    const stop = assert.rejects(
      lifecycle.stop('a', () => false),
      { reason: 'notAllowed' },
    );
    shell.release();
    await Promise.all([start, stop]);
    assert.equal(states()[0], 'a: starting');
  });

  it('counts the time that the process host gives a server, such as a client of Compose', async () => {
    const { lifecycle, processes, registry } = await world();
    await lifecycle.start('a');
    const gate = held();
    processes.gate = () => gate.promise;
    const stop = lifecycle.stop('a');
    await settled();
    processes.emit({ kind: 'stopGrace', runId: 'a-1', leftMs: 29_000 });
    await registry.snapshot();
    const text = rowDescription(registry.get('a'), { now: 0, tick: 4500 }, english);
    gate.release();
    await stop;
    assert.equal(text, 'kill in 25 s · stopping…');
  });

  it('limits the grace of a queued stop to its own', async () => {
    const { lifecycle, processes } = await world();
    const gate = held();
    processes.gate = () => gate.promise;
    const operations = [lifecycle.start('a'), lifecycle.stop('a')];
    await settled();
    const cleanup = lifecycle.cleanup();
    gate.release();
    await Promise.all([...operations, cleanup]);
    assert.deepEqual(processes.calls, ['start a', 'stop 2000']);
  });

  it('reports that its shorter grace ended the survivors of the stop in progress', async () => {
    const { lifecycle, processes, states } = await world();
    await lifecycle.start('a');
    const [first, second] = [held(), held()];
    processes.gate = () => first.promise;
    processes.survivors = [{ pid: 9, command: 'node x' }];
    const stop = assert.rejects(lifecycle.stop('a'), { reason: 'survivors' });
    await settled();
    processes.gate = () => second.promise;
    const cleanup = lifecycle.cleanup();
    await settled();
    // Both answers arrive at once, so that the stop is still in progress when its shortened grace period has succeeded.
    first.release();
    await Promise.resolve();
    processes.survivors = [];
    second.release();
    await stop;
    assert.deepEqual([await cleanup, states()[0]], [{ survivors: [] }, 'a: stopped']);
  });

  it('gives the same report when it is called twice', async () => {
    const { lifecycle } = await world();
    assert.equal(await lifecycle.cleanup(), await lifecycle.cleanup());
  });

  it('names the survivors', async () => {
    const { lifecycle, processes } = await world();
    await lifecycle.start('a');
    processes.survivors = [{ pid: 9, command: 'node x' }];
    assert.deepEqual(await lifecycle.cleanup(), {
      survivors: [{ id: 'a', processes: [{ pid: 9, command: 'node x' }] }],
    });
  });

  it('stops servers without a definition, too', async () => {
    const { registry, lifecycle, processes } = await world();
    await lifecycle.start('a');
    await registry.define([definition('b')]);
    await lifecycle.cleanup();
    assert.equal(processes.alive.size, 0);
  });
});
