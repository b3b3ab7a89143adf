import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Fleet } from '../harness/fleet.js';
import { mark } from '../harness/marks.js';
import { shareOfMemory } from '../harness/processFigures.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median, rounded } from '../harness/statistics.js';
import { pause } from '../harness/time.js';

const program = join(process.cwd(), 'dist/cli.js');

/** Numbers of servers that are measured. */
const counts = [1, 5];
const settleMs = 10_000;

/** Memory of processes that run at the same time, MiB. */
interface UpMemory {
  readonly node: number;
  readonly up: number;
  readonly processHost: number;
}

/** Measures the memory of `devservers up` with ready servers, compared with Node without a program. */
export async function commandLineMemory(setup: Setup): Promise<Pick<PartResult, 'rows' | 'marks'>> {
  const results: Pick<PartResult, 'rows' | 'marks'>[] = [];
  for (const count of counts) {
    const values: UpMemory[] = [];
    while (values.length < rounds(setup, 3)) values.push(await measure(setup, count));
    results.push(resultOf(count, values));
  }
  return { rows: results.flatMap(({ rows }) => rows), marks: results.flatMap(({ marks }) => marks) };
}

function resultOf(count: number, values: readonly UpMemory[]): Pick<PartResult, 'rows' | 'marks'> {
  const servers = count === 1 ? 'one ready server' : `${count} ready servers`;
  const node = median(values.map((value) => value.node));
  const up = median(values.map((value) => value.up));
  const processHost = median(values.map((value) => value.processHost));
  const row = (who: string, memory: number) => ({ who: `${who}, ${servers}`, 'memory MiB': rounded(memory) });
  return {
    rows: [row('node that only waits', node), row('devservers up', up), row('its process host', processHost)],
    marks: [
      mark({
        what: `memory of up and its process host, ${servers} (baseline: process host and node)`,
        ours: up + processHost,
        unit: 'MiB',
        baseline: node + processHost,
        about: 'ratio',
        atMost: 1,
      }),
    ],
  };
}

async function measure(setup: Setup, count: number): Promise<UpMemory> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-servers-bench-')));
  const fleet = await Fleet.prepare(setup, count);
  const servers = fleet.commands.map((command, index) => ({
    id: `server-${index}`,
    command: command.join(' '),
    autoStart: true,
  }));
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode/dev-servers.json'), JSON.stringify({ servers }));
  const env = { ...fleet.env, HOME: folder };
  const node = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1e6)'], { env, stdio: 'ignore' });
  const up = spawn(process.execPath, [program, 'up', '--json'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await untilReady(up.stdout, count);
  await pause(settleMs);
  const memory = {
    node: shareOfMemory(node.pid ?? 0),
    up: shareOfMemory(up.pid ?? 0),
    processHost: shareOfMemory(onlyChildOf(up.pid ?? 0)),
  };
  node.kill();
  up.kill('SIGINT');
  await once(up, 'exit');
  await fleet.close();
  await rm(folder, { recursive: true });
  return memory;
}

/** Resolves when this number of servers is ready. */
async function untilReady(output: NodeJS.ReadableStream, count: number): Promise<void> {
  const ready = new Set<string>();
  const lines = createInterface(output);
  for await (const line of lines) {
    const { id, state } = JSON.parse(line) as { id: string; state?: string };
    if (state === 'ready') ready.add(id);
    if (ready.size === count) break;
  }
  // Later output must not fill the pipe.
  output.resume();
  if (ready.size < count) throw new Error('devservers up ended before its servers were ready.');
}

function onlyChildOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}
