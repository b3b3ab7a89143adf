import { once } from 'node:events';
import { createServer } from 'node:net';
import { startBare, killGroup } from '../harness/bare.js';
import { Fleet, settleMs } from '../harness/fleet.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { peerScript, rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { pause } from '../harness/time.js';
import { Window, type Command } from '../harness/window.js';

const processes = 50;

/** A tree of one server and its children is ended, and its port is bound again. */
export async function stopTree(setup: Setup): Promise<PartResult> {
  const group: number[] = [];
  const treeKill: number[] = [];
  const ours: number[] = [];
  const window = new Window();
  await window.warmUp();
  for (let round = 0; round < rounds(setup, 50); round += 1) {
    group.push(await endedBy(setup, (pid) => killGroup(pid)));
    ours.push(await endedByOurs(setup, window));
    // Takes so long that fewer rounds tell the same.
    if (round < rounds(setup, 10)) treeKill.push(await endedBy(setup, (pid) => runTreeKill(setup, pid)));
  }
  await window.close();
  const [floor, own] = [median(group), median(ours)];
  return {
    title: `Stop of one tree of ${processes} processes`,
    method: `A small server and ${processes - 1} children that wait, in one process group, that have been running for ${settleMs / 1000} s. The time runs until all are dead and the port can be bound again; by hand, the end is told by the connection that they share, which costs nothing; ours looks at the processes of the machine until two looks in a row find nothing of the tree.`,
    rows: compared('ms', [
      { who: 'kill(-pgid) by hand', values: group },
      { who: 'ours, verified', values: ours },
      { who: 'tree-kill', values: treeKill },
    ]),
    marks: [
      mark({ what: 'tree verified dead', ours: own, unit: 'ms', baseline: floor, about: 'ratio', atMost: 3 }),
      mark({
        what: 'tree verified dead',
        ours: own,
        unit: 'ms',
        baseline: floor,
        about: 'difference',
        atMost: 30,
      }),
    ],
    missing: setup.serverNote === undefined ? [] : [setup.serverNote],
  };
}

const treeOf = (setup: Setup): Promise<Fleet> => Fleet.prepare(setup, 1, () => [processes - 1]);

async function endedBy(setup: Setup, end: (pid: number) => unknown): Promise<number> {
  const fleet = await treeOf(setup);
  const [command] = fleet.commands as readonly [Command];
  const run = startBare(command, fleet.env);
  await fleet.control.up(fleet.ports);
  await pause(settleMs);
  const start = performance.now();
  const called = end(run.pid);
  await Promise.all([fleet.control.down(), called]);
  await bindable(fleet.ports[0] ?? 0);
  const milliseconds = performance.now() - start;
  await fleet.close();
  return milliseconds;
}

async function endedByOurs(setup: Setup, window: Window): Promise<number> {
  const fleet = await treeOf(setup);
  const [command] = fleet.commands as readonly [Command];
  const runId = await window.start(command);
  await fleet.control.up(fleet.ports);
  await pause(settleMs);
  const start = performance.now();
  await window.stop(runId);
  const milliseconds = performance.now() - start;
  if (fleet.control.alive > 0) throw new Error('The tree was told dead and is not.');
  await fleet.close();
  return milliseconds;
}

async function runTreeKill(setup: Setup, pid: number): Promise<void> {
  const { default: treeKill } = (await import(peerScript(setup, 'tree-kill/index.js'))) as {
    default: (pid: number, signal: string, done: (error?: Error) => void) => void;
  };
  await new Promise((resolve) => treeKill(pid, 'SIGTERM', resolve));
}

/** The connection that tells the end may be closed a moment before the socket that listens is. */
async function bindable(port: number): Promise<void> {
  while (!(await canBind(port))) await pause(0);
}

async function canBind(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  return true;
}
