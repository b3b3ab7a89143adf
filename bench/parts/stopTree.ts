import { isFree } from '../../test/support/processes.js';
import { startBare, killGroup } from '../candidates/bare.js';
import { Fleet, settleMs } from '../harness/fleet.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { pause } from '../harness/time.js';
import { runTreeKill } from '../candidates/treeKill.js';
import { Window, type Command } from '../harness/window.js';

const processes = 50;

/** Measures the time to end a tree of one server and its children, until its port can be bound again. */
export async function stopTree(setup: Setup): Promise<PartResult> {
  const group: number[] = [];
  const treeKill: number[] = [];
  const ours: number[] = [];
  const window = new Window();
  await window.warmUp();
  for (let round = 0; round < rounds(setup, 50); round += 1) {
    group.push(await killMs(setup, (pid) => killGroup(pid)));
    ours.push(await stopMs(setup, window));
    // It is slow, and fewer rounds are enough.
    if (round < rounds(setup, 10)) treeKill.push(await killMs(setup, (pid) => runTreeKill(pid, 'SIGTERM')));
  }
  await window.close();
  const [baseline, own] = [median(group), median(ours)];
  return {
    title: `Stop of one tree of ${processes} processes`,
    method: `A small server and ${processes - 1} idle children run in one process group for ${settleMs / 1000} s and are then stopped. The time ends when all are dead and the port can be bound again. By hand, the end of their shared connection shows this at no cost. Ours scans the processes of the machine until two scans in a row find no process of the tree.`,
    rows: compared('ms', [
      { who: 'kill(-pgid) by hand', values: group },
      { who: 'ours, verified', values: ours },
      { who: 'tree-kill', values: treeKill },
    ]),
    marks: [
      mark({ what: 'tree verified dead', ours: own, unit: 'ms', baseline, about: 'ratio', atMost: 3 }),
      mark({
        what: 'tree verified dead',
        ours: own,
        unit: 'ms',
        baseline,
        about: 'difference',
        atMost: 30,
      }),
    ],
    missing: setup.serverNote === undefined ? [] : [setup.serverNote],
  };
}

const prepareTree = (setup: Setup): Promise<Fleet> => Fleet.prepare(setup, 1, () => [processes - 1]);

async function killMs(setup: Setup, kill: (pid: number) => unknown): Promise<number> {
  const fleet = await prepareTree(setup);
  const [command] = fleet.commands as readonly [Command];
  const run = startBare(command, fleet.env);
  await fleet.control.whenUp(fleet.ports);
  await pause(settleMs);
  const start = performance.now();
  const killed = kill(run.pid);
  await Promise.all([fleet.control.whenDown(), killed]);
  await untilFree(fleet.ports[0] ?? 0);
  const milliseconds = performance.now() - start;
  await fleet.close();
  return milliseconds;
}

async function stopMs(setup: Setup, window: Window): Promise<number> {
  const fleet = await prepareTree(setup);
  const [command] = fleet.commands as readonly [Command];
  const runId = await window.start(command);
  await fleet.control.whenUp(fleet.ports);
  await pause(settleMs);
  const start = performance.now();
  await window.stop(runId);
  const milliseconds = performance.now() - start;
  if (fleet.control.alive > 0) throw new Error('The tree was reported dead and is alive.');
  await fleet.close();
  return milliseconds;
}

/** Resolves when the port can be bound: the listening socket may close a moment after the connection. */
async function untilFree(port: number): Promise<void> {
  while (!(await isFree(port))) await pause(0);
}
