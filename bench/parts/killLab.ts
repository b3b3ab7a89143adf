import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, pidsWith, until } from '../../test/support/processes.js';
import { killGroup, startBare } from '../harness/bare.js';
import { mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { peerScript, type Setup } from '../harness/setup.js';
import { pause } from '../harness/time.js';
import { Window, type Command } from '../harness/window.js';

const script = join(process.cwd(), 'test/fixtures/processes/tree.mjs');
const graceMs = 1500;

/** The fixtures that `test/host/process/stop.test.ts` ends, and the signal that each is asked by. */
const fixtures: readonly (readonly [kind: string, signal: 'SIGTERM' | 'SIGINT'])[] = [
  ['plain', 'SIGTERM'],
  ['ignores signals', 'SIGTERM'],
  ['needs a second to end', 'SIGTERM'],
  ['ends on SIGINT only', 'SIGINT'],
  ['is suspended', 'SIGTERM'],
  ['leaves a child behind', 'SIGTERM'],
  ['has a grandchild in another session', 'SIGTERM'],
  ['has a daemon', 'SIGTERM'],
  ['launches a daemon and ends', 'SIGTERM'],
  ['has a chain of children', 'SIGTERM'],
  ['starts its child again', 'SIGTERM'],
  ['makes twenty children when it shall end', 'SIGTERM'],
  ['has a child without our environment', 'SIGTERM'],
];

type End = (pid: number, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => unknown;

/** How many processes each way to end a server leaves alive. */
export async function killLab(setup: Setup): Promise<PartResult> {
  const ends: readonly (readonly [name: string, end: End])[] = [
    ['tree-kill', await treeKillOf(setup)],
    ['kill(-pgid)', (pid, signal) => killGroup(pid, signal)],
  ];
  const rows = [];
  const leaks = { ours: 0, 'tree-kill': 0, 'kill(-pgid)': 0 } as Record<string, number>;
  for (const [kind, signal] of fixtures) {
    const row: Record<string, string | number> & { who: string } = { who: kind };
    const left = { ours: await leftByOurs(kind, signal) } as Record<string, number>;
    for (const [name, end] of ends) left[name] = await leftBy(kind, signal, end);
    for (const [name, count] of Object.entries(left)) {
      row[`left by ${name}`] = count;
      if (count > 0) leaks[name] = (leaks[name] ?? 0) + 1;
    }
    rows.push(row);
  }
  return {
    title: 'Hard cases: what a stop leaves alive',
    method: `Each fixture is started, stopped by its signal, and after ${graceMs} ms by SIGKILL: by \`tree-kill\`, by a signal to the process group, and by ours. What then lives of the processes that were its descendants before the stop, or carry its environment, is left; the counts are of processes.`,
    rows,
    marks: [
      mark({
        what: 'fixtures of which something is left',
        ours: leaks['ours'] ?? 0,
        unit: '',
        baseline: Math.min(leaks['tree-kill'] ?? 0, leaks['kill(-pgid)'] ?? 0),
        atMost: 0,
      }),
    ],
    missing: [],
  };
}

async function leftByOurs(kind: string, signal: 'SIGTERM' | 'SIGINT'): Promise<number> {
  const window = new Window();
  const runId = await window.start([process.execPath, script, kind]);
  await until('the fixture', () => pidsWith(runId).length > 0);
  await pause(1000);
  const before = familyOf(pidsWith(runId));
  await window.processes.stop({ runId, signal, graceMs });
  const left = leftOf(before, runId);
  await window.close();
  return left;
}

async function leftBy(kind: string, signal: 'SIGTERM' | 'SIGINT', end: End): Promise<number> {
  const marker = randomUUID();
  const command: Command = [process.execPath, script, kind];
  const run = startBare(command, { PATH: process.env['PATH'] ?? '', BENCH_LAB: marker });
  await pause(1000);
  const before = familyOf(pidsWith(marker));
  await end(run.pid, signal);
  await Promise.race([run.ended, pause(graceMs)]);
  await end(run.pid, 'SIGKILL');
  await pause(300);
  return leftOf(before, marker);
}

async function treeKillOf(setup: Setup): Promise<End> {
  const path = peerScript(setup, 'tree-kill/index.js');
  const { default: treeKill } = (await import(path)) as {
    default: (pid: number, signal: string, done: () => void) => void;
  };
  return (pid, signal) => new Promise<void>((resolve) => treeKill(pid, signal, resolve));
}

/** These processes and all their descendants. */
function familyOf(pids: readonly number[]): Set<number> {
  const family = new Set(pids);
  let before: number;
  do {
    before = family.size;
    for (const [pid, parent] of parents()) if (family.has(parent)) family.add(pid);
  } while (family.size > before);
  return family;
}

function parents(): (readonly [pid: number, parent: number])[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
}

function parentOf(pid: string): number {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) \S+ /s, '')
        .split(' ')[0],
    );
  } catch {
    return 0;
  }
}

/** How many live of those and of what carries the marker; they are ended, since nobody else will. */
function leftOf(before: ReadonlySet<number>, marker: string): number {
  const left = new Set([...[...before].filter(isAlive), ...pidsWith(marker)]);
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself just now.
    }
  }
  return left.size;
}
