import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { RestartScheduler } from '../../../../src/core/restart/restartScheduler.js';
import { newCrashes, crashText } from '../../../../src/core/views/crashAlerts.js';
import { toServerError } from '../../../../src/core/server/errors.js';
import { RestartPolicy } from '../../../../src/core/restart/restartPolicy.js';
import { type ExitStatus, type Restart } from '../../../../src/core/server/state.js';
import { definition, english, held, world, type World, type WorldOptions } from '../support/fakes.js';
import { FakeTime, settled } from '../support/fakeTime.js';
import type { RestartMode } from '../../../../src/core/server/overrides.js';
import { lastEndOf, startedBy as startedByOf } from '../../../../src/core/server/stateQueries.js';

interface RestartingWorld extends World {
  readonly time: FakeTime;
  readonly refusals: string[];
  /** Crashes that the user is notified of. */
  readonly notices: string[];
  readonly autoRestart: RestartScheduler;
  readonly starts: () => number;
  /** Ends the only live run. */
  readonly crash: (exit?: ExitStatus, interrupted?: boolean) => void;
  readonly restart: () => Restart | undefined;
}

/** Creates a world in which `a` runs and is restarted automatically. */
async function restarting(
  mode: RestartMode = 'on-failure',
  options: WorldOptions = {},
): Promise<RestartingWorld> {
  const time = new FakeTime();
  const restarts = new RestartPolicy({ mode: () => mode, clock: time });
  const made = await world({ ...options, deps: { clock: time, restarts } });
  const { registry, lifecycle, processes } = made;
  const refusals: string[] = [];
  const notices: string[] = [];
  let before = registry.current;
  registry.onDidChange((snapshot) => {
    notices.push(...newCrashes(before, snapshot).map((record) => crashText(record, english)));
    before = snapshot;
  });
  const autoRestart = new RestartScheduler({
    registry,
    lifecycle,
    timer: time,
    log: { info: () => undefined, error: () => undefined },
    onRefused: (error) => refusals.push(toServerError(error, 'badRequest').reason),
  });
  await lifecycle.start('a');
  return {
    ...made,
    time,
    refusals,
    notices,
    autoRestart,
    starts: () => processes.calls.filter((call) => call.startsWith('start')).length,
    crash: (exit = { kind: 'code', code: 1 }, interrupted = false) => {
      const runId = processes.onlyRun;
      processes.alive.delete(runId);
      processes.emit({ kind: 'ended', runId, exit, interrupted, tail: [], survivors: [] });
    },
    restart: () => lastEndOf(registry.get('a').state)?.restart,
  };
}

describe('a server that crashes', () => {
  it('is restarted later each time, and left down after five crashes within a minute', async () => {
    const { time, crash, starts, restart, states } = await restarting();
    for (const delayMs of [1000, 2000, 4000, 8000]) {
      crash();
      await settled();
      assert.deepEqual([restart(), time.waits], [{ kind: 'planned', delayMs }, [delayMs]]);
      await time.pass(delayMs - 1);
      assert.equal(states()[0], 'a: crashed');
      await time.pass(1);
      assert.equal(states()[0], 'a: starting');
    }
    crash();
    await settled();
    assert.deepEqual([restart(), time.waits, starts()], [{ kind: 'givenUp', ends: 5 }, [], 5]);
  });

  it('keeps its first origin through all restarts', async () => {
    const { lifecycle, registry, time, crash } = await restarting();
    const startedBy = { kind: 'agent', name: 'Copilot', caller: 'Copilot' } as const;
    await lifecycle.restart('a', startedBy);
    for (const delayMs of [1000, 2000]) {
      crash();
      await settled();
      await time.pass(delayMs);
      assert.deepEqual(startedByOf(registry.get('a').state), { kind: 'restart', of: startedBy });
    }
    await lifecycle.restart('a');
    assert.equal(startedByOf(registry.get('a').state), undefined);
  });

  it('is left to the next window when this one closes at the moment of the restart', async () => {
    const { lifecycle, registry, crash, restart } = await restarting();
    crash();
    await settled();
    await registry.close();
    await assert.rejects(lifecycle.startAgain('a'), { reason: 'closed' });
    assert.deepEqual(restart(), { kind: 'planned', delayMs: 1000 });
  });

  it('is restarted even if it ends before its own restart has resolved', async () => {
    const { processes, time, crash, starts, states } = await restarting();
    const answer = held();
    const start = processes.start.bind(processes);
    processes.start = async (request) => {
      await start(request);
      await answer.promise;
    };
    crash();
    await settled();
    await time.pass(1000);
    crash();
    await settled();
    await time.pass(2000);
    answer.release();
    await settled();
    assert.deepEqual([states()[0], starts()], ['a: starting', 3]);
  });

  it('is restarted even if it ends while its start is being recorded', async () => {
    const { lifecycle, processes, time, crash } = await restarting();
    await lifecycle.stop('a');
    const start = processes.start.bind(processes);
    processes.start = (request) => {
      const answer = start(request);
      return Promise.resolve().then(() => {
        crash();
        return answer;
      });
    };
    await lifecycle.start('a');
    await settled();
    assert.deepEqual(time.waits, [1000]);
  });

  it('does not record an end that a stop caused', async () => {
    const { lifecycle, processes, time, crash } = await restarting('always');
    const gate = held();
    processes.gate = () => gate.promise;
    const stop = lifecycle.stop('a');
    await settled();
    crash();
    await settled();
    gate.release();
    await stop;
    await lifecycle.start('a');
    crash();
    await settled();
    assert.deepEqual(time.waits, [1000]);
  });

  it('keeps its timer while other servers change', async () => {
    const { time, lifecycle, crash } = await restarting();
    crash();
    await settled();
    await time.pass(400);
    await lifecycle.start('b');
    assert.deepEqual(time.waits, [600]);
  });

  it('is not restarted sooner because an earlier restart was late', async () => {
    const { time, crash } = await restarting();
    await time.pass(30_000);
    crash();
    await settled();
    await time.pass(1000);
    await time.pass(20_000);
    crash();
    await settled();
    assert.deepEqual(time.waits, [2000]);
  });

  it('is left down after the extension was disposed of', async () => {
    const { time, autoRestart, crash } = await restarting();
    autoRestart.dispose();
    crash();
    await settled();
    assert.deepEqual(time.waits, []);
  });

  it('is reported once, when it is left down', async () => {
    const { time, crash, notices } = await restarting();
    for (const delayMs of [1000, 2000, 4000, 8000, 0]) {
      crash();
      await time.pass(0);
      await time.pass(delayMs);
    }
    assert.deepEqual(notices, ['shop: a crashed 5 times in a minute and was not restarted again.']);
  });

  it('is reported once when it exits with 0 too often', async () => {
    const { time, crash, notices } = await restarting('always');
    for (const delayMs of [1000, 2000, 4000, 8000, 0]) {
      crash({ kind: 'code', code: 0 });
      await time.pass(0);
      await time.pass(delayMs);
    }
    assert.deepEqual(notices, ['shop: a exited 5 times in a minute and was not restarted again.']);
  });

  it('is reported at once without restarts', async () => {
    const { time, crash, notices } = await restarting('never');
    crash();
    await time.pass(0);
    assert.deepEqual(notices, ['shop: a crashed (exit 1).']);
  });

  it('is restarted soon if it ran for a minute, or was stopped in between', async () => {
    const { lifecycle, time, crash, restart } = await restarting();
    crash();
    await settled();
    await time.pass(1000);
    await time.pass(60_000);
    crash();
    await settled();
    const afterMinute = restart();
    await time.pass(1000);
    await lifecycle.stop('a');
    await lifecycle.start('a');
    crash();
    await settled();
    const soon = { kind: 'planned', delayMs: 1000 };
    assert.deepEqual([afterMinute, restart()], [soon, soon]);
  });

  it('keeps the port that a second copy was assigned', async () => {
    const { lifecycle, time, crash, processes } = await restarting();
    await lifecycle.stop('a');
    await lifecycle.start('a', { port: 4711 });
    crash();
    await settled();
    await time.pass(1000);
    assert.deepEqual(processes.alive.get(processes.onlyRun)?.env, { PORT: '4711' });
  });

  it('is left down without restarts, or after Ctrl+C', async () => {
    const never = await restarting('never');
    never.crash();
    const interrupted = await restarting('always');
    interrupted.crash({ kind: 'code', code: 130 }, true);
    await settled();
    assert.deepEqual([never.restart(), never.time.waits], [undefined, []]);
    assert.deepEqual([interrupted.restart(), interrupted.time.waits], [undefined, []]);
  });

  it('is restarted after an exit with 0 in the mode always', async () => {
    const { time, crash, states } = await restarting('always');
    crash({ kind: 'code', code: 0 });
    await settled();
    assert.equal(states()[0], 'a: stopped');
    await time.pass(1000);
    assert.equal(states()[0], 'a: starting');
  });

  it('is left down when it could not be started, or lost its host', async () => {
    const { processes, time, states } = await restarting('always');
    processes.emit({ kind: 'hostLost', message: 'gone' });
    await settled();
    assert.deepEqual([states()[0], time.waits], ['a: crashed', []]);
  });

  it('is left down when some of its processes survived its end', async () => {
    const { processes, time, states } = await restarting();
    const { onlyRun: runId } = processes;
    const exit = { kind: 'code', code: 1 } as const;
    const survivors = [{ pid: 9, command: 'x' }];
    processes.emit({ kind: 'ended', runId, exit, interrupted: false, tail: [], survivors });
    await settled();
    assert.deepEqual([states()[0], time.waits], ['a: stopFailed', []]);
  });
});

describe('a restart that waits', () => {
  const cancelling: Record<string, (made: RestartingWorld) => Promise<unknown>> = {
    'a stop': ({ lifecycle }) => lifecycle.stop('a'),
    'a stop of all': ({ dependencyStop }) => dependencyStop.stopEverything(),
    'clean-up': ({ lifecycle }) => lifecycle.cleanup(),
    'the loss of its definition': ({ registry }) => registry.define([definition('b')]),
    'the end of the extension': async ({ autoRestart }) => autoRestart.dispose(),
    'a stop at the moment at which it is due': ({ lifecycle, time }) =>
      Promise.all([lifecycle.stop('a'), time.pass(1000)]),
  };
  for (const [name, cancel] of Object.entries(cancelling)) {
    it(`is cancelled by ${name}`, async () => {
      const made = await restarting();
      made.crash();
      await settled();
      await cancel(made);
      await made.time.pass(60_000);
      assert.deepEqual([made.time.waits, made.starts(), made.processes.alive.size], [[], 1, 0]);
    });
  }

  it('is never started when a stop arrives together with the crash', async () => {
    const made = await restarting();
    made.crash();
    const outcome = await made.lifecycle.stop('a');
    await made.time.pass(60_000);
    assert.deepEqual([outcome, made.restart(), made.starts()], [{ kind: 'notRunning' }, undefined, 1]);
  });

  it('keeps the crash visible when it is cancelled', async () => {
    const { lifecycle, crash, states, restart, notices } = await restarting();
    crash();
    await settled();
    assert.deepEqual(await lifecycle.stop('a'), { kind: 'notRunning' });
    assert.deepEqual([states()[0], restart(), notices], ['a: crashed', undefined, []]);
  });

  it('is dropped when another caller starts the server first', async () => {
    const { lifecycle, time, crash, starts, processes } = await restarting();
    crash();
    await settled();
    await lifecycle.start('a');
    assert.deepEqual(time.waits, []);
    await time.pass(60_000);
    assert.deepEqual([starts(), processes.alive.size], [2, 1]);
  });

  it('starts one process when another caller starts the server at the same moment', async () => {
    const { lifecycle, time, crash, starts, processes } = await restarting();
    crash();
    await settled();
    await Promise.all([time.pass(1000), lifecycle.start('a')]);
    assert.deepEqual([starts(), processes.alive.size], [2, 1]);
  });

  it('survives a scan of the workspace that changes nothing', async () => {
    const { registry, time, crash, states } = await restarting();
    crash();
    await settled();
    await registry.define(['a', 'b'].map((id) => definition(id)));
    await time.pass(1000);
    assert.equal(states()[0], 'a: starting');
  });

  it('is reported once when it is refused, and not tried again', async () => {
    const { lifecycle, time, crash, refusals, restart } = await restarting('on-failure', { maxServers: 1 });
    crash();
    await settled();
    await lifecycle.start('b');
    await time.pass(60_000);
    assert.deepEqual([refusals, restart(), time.waits], [['limit'], undefined, []]);
  });
});
