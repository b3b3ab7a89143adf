import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import type { StarterName, StartTimes } from '../candidates/starters.js';
import { median } from '../harness/statistics.js';

/** Memory of an extension host with a large workspace, MiB. */
const ballastMiB = 500;

/** Measures the time from the call of `start` to the known pid, in a small and in a large process. */
export async function start(setup: Setup): Promise<PartResult> {
  const times = {
    byHand: new Starts('byHand', 0),
    ours: new Starts('ours', 0),
    largeByHand: new Starts('byHand', ballastMiB),
    largeSpawned: new Starts('spawned', ballastMiB),
    largeOurs: new Starts('ours', ballastMiB),
  };
  const all = Object.values(times);
  for (const each of all) await each.whenReady;
  for (let round = 0; round < rounds(setup, 100); round += 1) for (const each of all) await each.round();
  for (const each of all) await each.close();
  const [bare, ours] = [median(times.byHand.done), median(times.ours.done)];
  return {
    title: 'Start of one server: from the call to the known pid',
    method:
      'Starts one `sleep` after another, alternating between node-pty in the calling process and the process host, which is already running. Each caller is a separate process, since a process has to copy its memory after it has forked. ' +
      `"Blocked" is how long the event loop of the caller is blocked. The large caller uses ${ballastMiB} MiB more memory, as the extension host of a large workspace may. The part \`terminal\` compares the start with VS Code's own terminal.`,
    rows: [
      ...compared('ms', [
        { who: 'node-pty by hand', values: times.byHand.done },
        { who: 'ours', values: times.ours.done },
        { who: 'node-pty by hand, blocked', values: times.byHand.blocked },
        { who: 'ours, blocked', values: times.ours.blocked },
        { who: 'node-pty by hand, large caller', values: times.largeByHand.done },
        { who: 'child_process.spawn, large caller, blocked', values: times.largeSpawned.blocked },
        { who: 'ours, large caller', values: times.largeOurs.done },
        { who: 'node-pty by hand, large caller, blocked', values: times.largeByHand.blocked },
        { who: 'ours, large caller, blocked', values: times.largeOurs.blocked },
      ]),
    ],
    marks: [
      mark({ what: 'start → pid', ours, unit: 'ms', baseline: bare, about: 'ratio', atMost: 1.15 }),
      mark({ what: 'start → pid', ours, unit: 'ms', baseline: bare, about: 'difference', atMost: 2 }),
      mark({
        what: 'caller blocked',
        ours: median(times.ours.blocked),
        unit: 'ms',
        baseline: median(times.byHand.blocked),
        atMost: 0.5,
      }),
      mark({
        what: `caller blocked, ${ballastMiB} MiB more`,
        ours: median(times.largeOurs.blocked),
        unit: 'ms',
        baseline: median(times.largeByHand.blocked),
        atMost: 0.5,
      }),
    ],
    missing: [],
  };
}

/** A caller and the times of its starts. */
class Starts {
  readonly done: number[] = [];
  readonly blocked: number[] = [];
  readonly whenReady: Promise<unknown>;
  readonly #process: ChildProcess;

  constructor(name: StarterName, memoryMiB: number) {
    this.#process = fork(join(import.meta.dirname, 'startProcess.mjs'), [name, String(memoryMiB)]);
    this.whenReady = once(this.#process, 'message');
  }

  async round(): Promise<void> {
    this.#process.send('round');
    const [{ doneMs, blockedMs }] = (await once(this.#process, 'message')) as [StartTimes];
    this.done.push(doneMs);
    this.blocked.push(blockedMs);
  }

  async close(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }
}
