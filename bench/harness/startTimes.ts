import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startBare, type BareRun } from './bare.js';
import { blocked } from './time.js';
import { Window, type Command } from './window.js';

const idle: Command = ['/bin/sleep', '1000'];

/** Milliseconds from the call to the pid, and those for which the caller could do nothing else. */
export interface StartTimes {
  readonly bare: number[];
  readonly bareBlocked: number[];
  readonly spawned: number[];
  readonly ours: number[];
  readonly oursBlocked: number[];
}

/** Starts and stops one process after the other, in turns by hand and by a process host that runs already. */
export async function measureStarts(count: number): Promise<StartTimes> {
  const times: StartTimes = { bare: [], bareBlocked: [], ours: [], oursBlocked: [], spawned: [] };
  const window = new Window();
  await window.warmUp();
  for (let round = 0; round < count; round += 1) {
    await bareRound(times);
    const runId = window.processes.newRunId();
    let started: Promise<unknown> = Promise.resolve();
    const { blockedMs, doneMs } = await blocked(() => {
      const pid = window.pidOf(runId);
      started = window.start(idle, runId);
      return pid;
    });
    times.ours.push(doneMs);
    times.oursBlocked.push(blockedMs);
    await started;
    await window.stop(runId);
  }
  await window.close();
  return times;
}

async function bareRound({ bare, bareBlocked, spawned }: StartTimes): Promise<void> {
  let run: BareRun | undefined;
  const { blockedMs, doneMs } = await blocked(() => {
    run = startBare(idle);
    return Promise.resolve();
  });
  bare.push(doneMs);
  bareBlocked.push(blockedMs);
  const begin = performance.now();
  const child = spawn(idle[0], idle.slice(1), { stdio: 'ignore', detached: true });
  spawned.push(performance.now() - begin);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  if (run) process.kill(run.pid, 'SIGKILL');
  await Promise.all([exited, run?.ended]);
}
