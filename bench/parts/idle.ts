import { Fleet } from '../harness/fleet.js';
import { mark } from '../harness/marks.js';
import { pm2 } from '../candidates/peerManagers.js';
import { processorTime, shareOfMemory, wakeUps } from '../harness/processFigures.js';
import type { PartResult } from '../harness/result.js';
import type { Setup } from '../harness/setup.js';
import { rounded } from '../harness/statistics.js';
import { pause } from '../harness/time.js';
import { Window } from '../harness/window.js';

const servers = 100;

/** Number of servers above which the memory per server is measured. The first servers load what all of them share. */
const few = 10;
const settleMs = 20_000;

/** Resource usage of an idle process. */
interface IdleUsage {
  /** MiB. */
  readonly memory: number;
  /** Percent of one processor. */
  readonly processor: number;
  readonly wakeUpsPerSecond: number;
}

/** Measures the resource usage of the process host without a server and with many idle servers. */
export async function idle(setup: Setup): Promise<PartResult> {
  const seconds = setup.isQuick ? 10 : 60;
  const window = new Window();
  const timers = activeTimers();
  await window.warmUp();
  const pid = window.processes.pid ?? 0;
  await pause(settleMs);
  const alone = await measureIdle(pid, setup.isQuick ? 5 : 20);
  const fleet = await Fleet.prepare(setup, servers);
  const ids = await window.define(fleet.commands);
  await Promise.all(ids.slice(0, few).map((id) => window.lifecycle.start(id)));
  await pause(settleMs);
  const withFew = await measureIdle(pid, 1);
  await Promise.all(ids.slice(few).map((id) => window.lifecycle.start(id)));
  await fleet.control.whenUp(fleet.ports);
  await pause(settleMs);
  const full = await measureIdle(pid, seconds);
  await window.close();
  await fleet.close();
  const peer = await measurePm2(setup, seconds);
  // Each server has written one line, which takes one small block of its ring buffer.
  const ringMiB = 4 / 1024;
  const each = (full.memory - withFew.memory) / (servers - few) - ringMiB;
  return {
    title: `Idle: without a server, and with ${servers}`,
    method: `Memory is the private memory of the process and its share of shared memory (PSS). The system counts processor time and wake-ups over ${seconds} s, beginning ${settleMs / 1000} s after the last start or stop. The small servers answer by HTTP and are monitored as any server is; pm2 monitors processes only.`,
    rows: [
      row('ours, no server', alone),
      row(`ours, ${few} servers, just started`, withFew),
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
        what: 'wake-ups of the process host without a server',
        ours: alone.wakeUpsPerSecond,
        unit: '/s',
        atMost: 0.1,
      }),
      mark({ what: 'memory without a server', ours: alone.memory, unit: 'MiB', atMost: 60 }),
      mark({
        what: 'memory for each server, without its ring buffer',
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

function row(who: string, { memory, processor, wakeUpsPerSecond }: IdleUsage): PartResult['rows'][number] {
  return {
    who,
    'memory MiB': rounded(memory),
    'processor %': rounded(processor),
    'wake-ups /s': rounded(wakeUpsPerSecond),
  };
}

async function measureIdle(pid: number, seconds: number): Promise<IdleUsage> {
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

async function measurePm2(setup: Setup, seconds: number): Promise<IdleUsage> {
  const fleet = await Fleet.prepare(setup, servers);
  const manager = pm2(fleet, setup);
  await fleet.untilUp(() => manager.start());
  await pause(settleMs);
  const usage = await measureIdle(manager.daemonPid(), seconds);
  await manager.close();
  await fleet.close();
  return usage;
}
