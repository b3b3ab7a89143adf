import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { measureStarts, type StartTimes } from '../harness/startTimes.js';

/** What an extension host of a large workspace weighs, MiB. */
const ballastMiB = 500;

/** From the call of `start` to the known pid, in a small and in a large process. */
export async function start(setup: Setup): Promise<PartResult> {
  const count = rounds(setup, 100);
  const small = await measureStarts(count);
  const large = await inHeavyProcess(count);
  const [bare, ours] = [median(small.bare), median(small.ours)];
  return {
    title: 'Start of one server: from the call to the known pid',
    method:
      'One `sleep` after the other, in turns: by node-pty in the calling process, and by the process host, which runs already. ' +
      `"Blocked" is the time for which the event loop of the caller does nothing else. The large caller has ${ballastMiB} MiB of touched memory more, as the extension host of a large workspace may. For the start beside VS Code's own terminal see the part \`terminal\`.`,
    rows: [
      ...compared('ms', [
        { who: 'node-pty by hand', values: small.bare },
        { who: 'ours', values: small.ours },
        { who: 'node-pty by hand, blocked', values: small.bareBlocked },
        { who: 'ours, blocked', values: small.oursBlocked },
        { who: 'node-pty by hand, large caller', values: large.bare },
        { who: 'child_process.spawn, large caller, blocked', values: large.spawned },
        { who: 'ours, large caller', values: large.ours },
        { who: 'node-pty by hand, large caller, blocked', values: large.bareBlocked },
        { who: 'ours, large caller, blocked', values: large.oursBlocked },
      ]),
    ],
    marks: [
      mark({ what: 'start → pid', ours, unit: 'ms', baseline: bare, about: 'ratio', atMost: 1.15 }),
      mark({ what: 'start → pid', ours, unit: 'ms', baseline: bare, about: 'difference', atMost: 2 }),
      mark({
        what: 'caller blocked',
        ours: median(small.oursBlocked),
        unit: 'ms',
        baseline: median(small.bareBlocked),
        atMost: 0.5,
      }),
      mark({
        what: `caller blocked, ${ballastMiB} MiB more`,
        ours: median(large.oursBlocked),
        unit: 'ms',
        baseline: median(large.bareBlocked),
        atMost: 0.5,
      }),
    ],
    missing: [],
  };
}

/** The same in a process that weighs as much as a large extension host. */
async function inHeavyProcess(count: number): Promise<StartTimes> {
  const script = join(import.meta.dirname, 'heavyProcess.mjs');
  const child = fork(script, [String(ballastMiB), String(count)]);
  const [times] = (await once(child, 'message')) as [StartTimes];
  if (child.exitCode === null) await once(child, 'exit');
  return times;
}
