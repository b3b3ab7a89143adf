import { startBare, killGroup } from '../harness/bare.js';
import { compared, mark, type Sample } from '../harness/marks.js';
import { residentMemory } from '../harness/processFigures.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median, quantile, rounded } from '../harness/statistics.js';
import { pause } from '../harness/time.js';
import { Window, type Command } from '../harness/window.js';

const flood: Command = ['/bin/sh', '-c', 'yes "a line of a flood, about as long as lines are"'];

/** What the process host may keep of each server, MiB: the ring, and what waits for the disk. */
const capMiB = 1 + 2;

/** What one run of the flood through the process host came to. */
interface Flooded {
  readonly megabytesPerSecond: number;
  readonly grownMiB: number;
  readonly answerMs: readonly number[];
}

/** A server that writes as fast as its terminal carries it, with nobody looking. */
export async function output(setup: Setup): Promise<PartResult> {
  const seconds = setup.isQuick ? 2 : 5;
  const discarded: number[] = [];
  const kept = new Map<number, Flooded[]>([1, 10].map((count) => [count, []]));
  for (let round = 0; round < rounds(setup, 7); round += 1) {
    discarded.push(await thrownAway(seconds));
    for (const [count, all] of kept) all.push(await throughHost(count, seconds));
  }
  const samples = [...kept].map(([count, all]): Sample => {
    const answers = all.flatMap(({ answerMs }) => answerMs);
    return {
      who: `ours, ${count} server${count === 1 ? '' : 's'} at once`,
      values: all.map(({ megabytesPerSecond }) => megabytesPerSecond),
      more: {
        'memory grown MiB': rounded(Math.max(...all.map(({ grownMiB }) => grownMiB))),
        'answer p99 ms': rounded(quantile(answers, 0.99)),
      },
    };
  });
  const [one = [], ten = []] = [...kept.values()];
  const speed = median(one.map(({ megabytesPerSecond }) => megabytesPerSecond));
  const answers = one.flatMap(({ answerMs }) => answerMs);
  return {
    title: 'Output through scan, ring and log file',
    method: `\`yes\` in a terminal for ${seconds} s. The baseline reads in the calling process and throws away. Ours scans for addresses, keeps the last MiB in memory and writes the log; nobody has the terminal open. The answer is that of the process host to a question of its caller meanwhile, so its event loop lags no longer than that. How the extension host fares, and with the terminal shown, is in the part \`flood\`.`,
    rows: compared('MB/s', [{ who: 'read and thrown away', values: discarded }, ...samples]),
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

async function thrownAway(seconds: number): Promise<number> {
  let bytes = 0;
  const run = startBare(flood, { PATH: process.env['PATH'] ?? '' }, (chunk) => {
    bytes += chunk.length;
  });
  await pause(seconds * 1000);
  const read = bytes;
  killGroup(run.pid, 'SIGKILL');
  await run.ended;
  return read / seconds / 1e6;
}

/** The offsets of the logs tell how much was written. */
async function throughHost(servers: number, seconds: number): Promise<Flooded> {
  const window = new Window();
  await window.warmUp();
  const before = residentMemory(window.processes.pid ?? 0);
  const ids = await window.define(Array.from({ length: servers }, () => flood));
  await Promise.all(ids.map((id) => window.lifecycle.start(id)));
  const answerMs: number[] = [];
  let peak = before;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(10)) {
    const asked = performance.now();
    await window.processes.stop({ runId: 'of-nobody', signal: 'SIGTERM', graceMs: 0 });
    answerMs.push(performance.now() - asked);
    peak = Math.max(peak, residentMemory(window.processes.pid ?? 0));
  }
  const owners = ids.map((id) => ({ id, cwd: '/' }));
  const tails = await Promise.all(owners.map((owner) => window.processes.logs.tail(owner, { lines: 1 })));
  const bytes = tails.reduce((total, tail) => total + (tail?.end ?? 0), 0);
  await window.close();
  return { megabytesPerSecond: bytes / seconds / 1e6, grownMiB: peak - before, answerMs };
}
