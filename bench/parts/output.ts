import { startBare, killGroup } from '../harness/bare.js';
import { compared, mark, type Sample } from '../harness/marks.js';
import { residentMemory } from '../harness/processFigures.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median, quantile, rounded } from '../harness/statistics.js';
import { pause, timed } from '../harness/time.js';
import { Window, type Command } from '../harness/window.js';

const flood: Command = ['/bin/sh', '-c', 'yes "a line of a flood, about as long as lines are"'];

/** What the process host may keep of each server, MiB: the ring, and what waits for the disk. */
const capMiB = 1 + 2;

/** Pauses between looks at the memory, and between questions; milliseconds. */
const lookMs = 10;

/** How long is measured, and how long the flood runs before, so that the code of both sides is warm. */
const seconds = 2;
const warmUpMs = 1000;

/** What one run of the flood through the process host came to. */
interface Flooded {
  readonly megabytesPerSecond: number;
  readonly grownMiB: number;
  readonly answerMs: readonly number[];
}

/** A server that writes as fast as its terminal carries it, with nobody looking. */
export async function output(setup: Setup): Promise<PartResult> {
  const discarded: number[] = [];
  const [one, ten, asked]: [Flooded[], Flooded[], Flooded[]] = [[], [], []];
  for (let round = 0; round < rounds(setup, 16); round += 1) {
    discarded.push(await thrownAway());
    one.push(await throughHost(1, false));
    ten.push(await throughHost(10, false));
    asked.push(await throughHost(1, true));
  }
  const speed = median(one.map(({ megabytesPerSecond }) => megabytesPerSecond));
  const answers = asked.flatMap(({ answerMs }) => answerMs);
  return {
    title: 'Output through scan, ring and log file',
    method: `\`yes\` in a terminal for ${seconds} s, after a second that is not counted. The baseline reads in the calling process and throws away. Ours scans for addresses, keeps the last MiB in memory and writes the log; nobody has the terminal open. The answer is that of the process host to a question every ${lookMs} ms, in a run of its own, since the baseline is asked nothing; its event loop lags no longer than that. How the extension host fares, and with the terminal shown, is in the part \`flood\`.`,
    rows: compared('MB/s', [
      { who: 'read and thrown away', values: discarded },
      sample('ours, 1 server', one),
      sample('ours, 10 servers at once', ten),
      sample('ours, 1 server, asked all the time', asked, {
        'answer p99 ms': rounded(quantile(answers, 0.99)),
      }),
    ]),
    marks: [
      mark({
        what: 'throughput, nobody looking',
        ours: speed,
        unit: 'MB/s',
        baseline: median(discarded),
        about: 'ratio',
        atLeast: 0.9,
      }),
      mark({
        what: `memory grown, 1 server (${capMiB} + 16 MiB)`,
        ours: Math.max(...one.map(({ grownMiB }) => grownMiB)),
        unit: 'MiB',
        atMost: capMiB + 16,
      }),
      mark({
        what: `memory grown, 10 servers (${capMiB * 10} + 16 MiB)`,
        ours: Math.max(...ten.map(({ grownMiB }) => grownMiB)),
        unit: 'MiB',
        atMost: capMiB * 10 + 16,
      }),
      mark({ what: 'process host answers, p99', ours: quantile(answers, 0.99), unit: 'ms', atMost: 10 }),
    ],
    missing: [],
  };
}

function sample(who: string, runs: readonly Flooded[], more: Sample['more'] = {}): Sample {
  return {
    who,
    values: runs.map(({ megabytesPerSecond }) => megabytesPerSecond),
    more: { 'memory grown MiB': rounded(Math.max(...runs.map(({ grownMiB }) => grownMiB))), ...more },
  };
}

async function thrownAway(): Promise<number> {
  let bytes = 0;
  const run = startBare(flood, { PATH: process.env['PATH'] ?? '' }, (chunk) => {
    bytes += chunk.length;
  });
  await pause(warmUpMs);
  const before = bytes;
  await pause(seconds * 1000);
  const read = bytes - before;
  killGroup(run.pid, 'SIGKILL');
  await run.ended;
  return read / seconds / 1e6;
}

async function throughHost(servers: number, isAsked: boolean): Promise<Flooded> {
  const window = new Window();
  await window.warmUp();
  const before = residentMemory(window.processes.pid ?? 0);
  const ids = await window.define(Array.from({ length: servers }, () => flood));
  await Promise.all(ids.map((id) => window.lifecycle.start(id)));
  await pause(warmUpMs);
  const begin = await written(window, ids);
  const start = performance.now();
  const answerMs: number[] = [];
  let peak = before;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(lookMs)) {
    if (isAsked) answerMs.push(await timed(() => ask(window)));
    peak = Math.max(peak, residentMemory(window.processes.pid ?? 0));
  }
  const bytes = (await written(window, ids)) - begin;
  const took = (performance.now() - start) / 1000;
  await window.close();
  return { megabytesPerSecond: bytes / took / 1e6, grownMiB: peak - before, answerMs };
}

/** How many bytes the servers have written up to now: the offsets of their logs tell that. */
async function written({ processes }: Window, ids: readonly string[]): Promise<number> {
  const tails = await Promise.all(ids.map((id) => processes.logs.tail({ id, cwd: '/' }, { lines: 1 })));
  return tails.reduce((total, tail) => total + (tail?.end ?? 0), 0);
}

function ask({ processes }: Window): Promise<unknown> {
  return processes.stop({ runId: 'of-nobody', signal: 'SIGTERM', graceMs: 0 });
}
