import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startBare, type BareRun } from './bare.js';
import { blocked } from './time.js';
import { Window, type Command } from './window.js';

const idle: Command = ['/bin/sleep', '1000'];

const environment = { ...process.env } as Record<string, string>;

/** Milliseconds from the call to the pid, and those for which the caller could do nothing else. */
export interface StartTimes {
  readonly doneMs: number;
  readonly blockedMs: number;
}

interface Starter {
  /** Starts one process, and ends it. */
  round(): Promise<StartTimes>;
  close(): Promise<void>;
}

/** By a process host that runs already. */
async function ours(): Promise<Starter> {
  const window = new Window();
  await window.warmUp();
  return {
    round: async () => {
      const runId = window.processes.newRunId();
      let started: Promise<unknown> = Promise.resolve();
      const times = await blocked(() => {
        const pid = window.pidOf(runId);
        started = window.start(idle, runId);
        return pid;
      });
      await started;
      await window.stop(runId);
      return times;
    },
    close: () => window.close(),
  };
}

/** By node-pty in the calling process, with the environment that servers get too. */
const byHand: Starter = {
  round: async () => {
    let run: BareRun | undefined;
    const times = await blocked(() => {
      run = startBare(idle, environment);
      return Promise.resolve();
    });
    if (run) process.kill(run.pid, 'SIGKILL');
    await run?.ended;
    return times;
  },
  close: () => Promise.resolve(),
};

/** By `child_process` in the calling process. */
const spawned: Starter = {
  round: async () => {
    const begin = performance.now();
    const child = spawn(idle[0], idle.slice(1), { stdio: 'ignore', detached: true });
    const takenMs = performance.now() - begin;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    return { doneMs: takenMs, blockedMs: takenMs };
  },
  close: () => Promise.resolve(),
};

/** Ways to start a process. */
export const starters = { ours, byHand: () => byHand, spawned: () => spawned };

export type StarterName = keyof typeof starters;
