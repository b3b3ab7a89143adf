import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, killAll, pidsWith, until } from '../../test/support/processes.js';
import { killGroup, startBare } from '../candidates/bare.js';
import { mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { pause } from '../harness/time.js';
import { runTreeKill } from '../candidates/treeKill.js';
import { Window, type Command } from '../harness/window.js';

const script = join(process.cwd(), 'test/fixtures/processes/tree.mjs');
const graceMs = 1500;

/** The fixtures of `test/host/process/stop.test.ts`, with the signal that stops each. */
const fixtures: readonly (readonly [kind: string, signal: 'SIGTERM' | 'SIGINT'])[] = [
  ['plain', 'SIGTERM'],
  ['ignores signals', 'SIGTERM'],
  ['needs a second to end', 'SIGTERM'],
  ['exits only on SIGINT', 'SIGINT'],
  ['is suspended', 'SIGTERM'],
  ['leaves a child behind', 'SIGTERM'],
  ['has a grandchild in another session', 'SIGTERM'],
  ['has a daemon', 'SIGTERM'],
  ['launches a daemon and exits', 'SIGTERM'],
  ['has a chain of children', 'SIGTERM'],
  ['restarts its child', 'SIGTERM'],
  ['starts twenty children when it is stopped', 'SIGTERM'],
  ['has a child without our environment', 'SIGTERM'],
];

type Kill = (pid: number, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => unknown;

/** Counts the processes that survive each way to stop a server. */
export async function killLab(): Promise<PartResult> {
  const kills: readonly (readonly [name: string, kill: Kill])[] = [
    ['tree-kill', runTreeKill],
    ['kill(-pgid)', (pid, signal) => killGroup(pid, signal)],
  ];
  const rows = [];
  const leaks = { ours: 0, 'tree-kill': 0, 'kill(-pgid)': 0 } as Record<string, number>;
  for (const [kind, signal] of fixtures) {
    const row: Record<string, string | number> & { who: string } = { who: kind };
    const left = { ours: await leftByOurs(kind, signal) } as Record<string, number>;
    for (const [name, kill] of kills) left[name] = await leftBy(kind, signal, kill);
    for (const [name, count] of Object.entries(left)) {
      row[`left by ${name}`] = count;
      if (count > 0) leaks[name] = (leaks[name] ?? 0) + 1;
    }
    rows.push(row);
  }
  return {
    title: 'Hard cases: processes that survive a stop',
    method: `Each fixture is started and stopped with its signal, and after ${graceMs} ms with SIGKILL: by \`tree-kill\`, by a signal to the process group, and by ours. A survivor is a process that is still alive, and was a descendant of the fixture before the stop or has its environment. The numbers count processes.`,
    rows,
    marks: [
      mark({
        what: 'fixtures with survivors',
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
  const before = withDescendants(pidsWith(runId));
  await window.processes.stop({ runId, signal, graceMs });
  const left = killSurvivors(before, runId);
  await window.close();
  return left;
}

async function leftBy(kind: string, signal: 'SIGTERM' | 'SIGINT', kill: Kill): Promise<number> {
  const marker = randomUUID();
  const command: Command = [process.execPath, script, kind];
  const run = startBare(command, { PATH: process.env['PATH'] ?? '', BENCH_LAB: marker });
  await pause(1000);
  const before = withDescendants(pidsWith(marker));
  await kill(run.pid, signal);
  await Promise.race([run.ended, pause(graceMs)]);
  await kill(run.pid, 'SIGKILL');
  await pause(300);
  return killSurvivors(before, marker);
}

/** Returns these processes and all their descendants. */
function withDescendants(pids: readonly number[]): Set<number> {
  const found = new Set(pids);
  let sizeBefore: number;
  do {
    sizeBefore = found.size;
    for (const [pid, parent] of parents()) if (found.has(parent)) found.add(pid);
  } while (found.size > sizeBefore);
  return found;
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

/** Kills the processes that are still alive, of `before` and with the marker, and returns their number. */
function killSurvivors(before: ReadonlySet<number>, marker: string): number {
  const survivors = new Set([...[...before].filter(isAlive), ...pidsWith(marker)]);
  killAll([...survivors]);
  return survivors.size;
}
