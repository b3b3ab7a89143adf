import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fleet } from '../harness/fleet.js';
import { mark } from '../harness/marks.js';
import { processorTime, shareOfMemory, wakeUps } from '../harness/processFigures.js';
import type { PartResult } from '../harness/result.js';
import { peerScript, type Setup } from '../harness/setup.js';
import { rounded } from '../harness/statistics.js';
import { pause } from '../harness/time.js';
import { Window } from '../harness/window.js';

const servers = 100;

/** From so many on each one more is measured; the first ones bring with them what all share. */
const few = 10;
const settleMs = 20_000;

/** What a process does while nobody asks anything of it. */
interface Rest {
  readonly memory: number;
  /** Percent of one processor. */
  readonly processor: number;
  readonly wakeUpsPerSecond: number;
}

/** What the process host costs with no server and with many that rest. */
export async function idle(setup: Setup): Promise<PartResult> {
  const seconds = setup.isQuick ? 10 : 60;
  const window = new Window();
  const timers = activeTimers();
  await window.warmUp();
  const pid = window.processes.pid ?? 0;
  await pause(settleMs);
  const alone = await restOf(pid, setup.isQuick ? 5 : 20);
  const fleet = await Fleet.prepare(setup, servers);
  const ids = await window.define(fleet.commands);
  await Promise.all(ids.slice(0, few).map((id) => window.lifecycle.start(id)));
  await pause(settleMs);
  const begun = await restOf(pid, 1);
  await Promise.all(ids.slice(few).map((id) => window.lifecycle.start(id)));
  await fleet.control.up(fleet.ports);
  await pause(settleMs);
  const full = await restOf(pid, seconds);
  await window.close();
  await fleet.close();
  const peer = await pm2Rest(setup, seconds);
  // Each server has written one line, for which its ring holds one small block.
  const ringMiB = 4 / 1024;
  const each = (full.memory - begun.memory) / (servers - few) - ringMiB;
  return {
    title: `At rest: without a server, and with ${servers}`,
    method: `Memory is the process's own and its share of what it has in common with others (PSS). Processor time and times at which the process woke up are counted by the system over ${seconds} s, beginning ${settleMs / 1000} s after the last start or stop. The small servers answer by HTTP, and are looked after as any server is; pm2 looks after processes alone.`,
    rows: [
      row('ours, no server', alone),
      row(`ours, ${few} servers, just started`, begun),
      row(`ours, ${servers} servers`, full),
      row(`pm2, ${servers} servers`, peer),
    ],
    marks: [
      mark({
        what: 'timers in the extension host before the first start',
        ours: timers,
        unit: '',
        atMost: 0,
      }),
      mark({
        what: 'the process host wakes up without a server',
        ours: alone.wakeUpsPerSecond,
        unit: '/s',
        atMost: 0.1,
      }),
      mark({ what: 'memory without a server', ours: alone.memory, unit: 'MiB', atMost: 60 }),
      mark({
        what: 'memory for each server, beside its ring',
        ours: each,
        unit: 'MiB',
        baseline: peer.memory / servers,
        atMost: 0.1,
      }),
      mark({
        what: `processor, ${servers} servers`,
        ours: full.processor,
        unit: '%',
        baseline: peer.processor,
        atMost: 0.1,
      }),
    ],
    missing: setup.serverNote === undefined ? [] : [setup.serverNote],
  };
}

function row(who: string, { memory, processor, wakeUpsPerSecond }: Rest): PartResult['rows'][number] {
  return {
    who,
    'memory MiB': rounded(memory),
    'processor %': rounded(processor),
    'wakes up /s': rounded(wakeUpsPerSecond),
  };
}

async function restOf(pid: number, seconds: number): Promise<Rest> {
  const before = { processor: processorTime(pid), wakeUps: wakeUps(pid) };
  await pause(seconds * 1000);
  return {
    memory: shareOfMemory(pid),
    processor: ((processorTime(pid) - before.processor) / (seconds * 1000)) * 100,
    wakeUpsPerSecond: (wakeUps(pid) - before.wakeUps) / seconds,
  };
}

function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
}

async function pm2Rest(setup: Setup, seconds: number): Promise<Rest> {
  const fleet = await Fleet.prepare(setup, servers);
  const folder = mkdtempSync(join(tmpdir(), 'dev-servers-bench-pm2-'));
  const apps = fleet.commands.map(([script, ...args], index) => ({
    name: `server-${index}`,
    script,
    args,
    interpreter: 'none',
  }));
  writeFileSync(join(folder, 'ecosystem.json'), JSON.stringify({ apps }));
  const env = { ...fleet.env, PM2_HOME: join(folder, 'home') };
  const call = (...args: string[]): readonly [string, string[]] => [
    process.execPath,
    [peerScript(setup, 'pm2/bin/pm2'), ...args],
  ];
  await fleet.untilUp(() => spawn(...call('start', 'ecosystem.json'), { cwd: folder, env, stdio: 'ignore' }));
  await pause(settleMs);
  const rest = await restOf(Number(readFileSync(join(folder, 'home', 'pm2.pid'), 'utf8')), seconds);
  spawnSync(...call('kill'), { cwd: folder, env });
  await fleet.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return rest;
}
