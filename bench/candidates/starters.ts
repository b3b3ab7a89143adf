import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startBare, type BareRun } from './bare.js';
import { blocked } from '../harness/time.js';
import { Window, type Command } from '../harness/window.js';

const idle: Command = ['/bin/sleep', '1000'];

const environment = { ...process.env } as Record<string, string>;

/** Times of one start, milliseconds. */
export interface StartTimes {
  /** From the call until the pid is known. */
  readonly doneMs: number;
  /** How long the event loop of the caller was blocked. */
  readonly blockedMs: number;
}

interface Starter {
  /** Starts one process and ends it. */
  round(): Promise<StartTimes>;
  close(): Promise<void>;
}

/** Starts processes with a running process host. */
async function ours(): Promise<Starter> {
  const window = new Window();
  await window.warmUp();
  return {
    round: async () => {
      const runId = window.processes.newRunId();
      let started: Promise<unknown> = Promise.resolve();
      const times = await blocked(() => {
        const pid = window.whenSpawned(runId);
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

/** Starts processes with node-pty in the calling process, in the same environment as servers. */
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

/** Starts processes with `child_process` in the calling process. */
const spawned: Starter = {
  round: async () => {
    const start = performance.now();
    const child = spawn(idle[0], idle.slice(1), { stdio: 'ignore', detached: true });
    const takenMs = performance.now() - start;
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
