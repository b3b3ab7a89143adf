import { startBare, killGroup } from '../candidates/bare.js';
import { compared, mark, type Sample } from '../harness/marks.js';
import { residentMemory } from '../harness/processFigures.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median, quantile, rounded } from '../harness/statistics.js';
import { pause, timed } from '../harness/time.js';
import { Window, type Command } from '../harness/window.js';

const flood: Command = ['/bin/sh', '-c', 'yes "a line of a flood, about as long as lines are"'];

/** Memory that the process host may use for each server, MiB: the ring buffer, and blocks that wait for the disk. */
const capMiB = 1 + 2;

/** Interval of reading the memory, and of requests to the process host; milliseconds. */
const pollMs = 10;

/** Duration of the measurement. A warm-up precedes it, so that the code of both sides is optimized. */
const seconds = 2;
const warmUpMs = 1000;

/** Result of one run of the flood through the process host. */
interface FloodFigures {
  readonly megabytesPerSecond: number;
  readonly grownMiB: number;
  readonly answerMs: readonly number[];
}

/** Measures a server that writes as fast as its terminal accepts output, while no terminal is shown. */
export async function output(setup: Setup): Promise<PartResult> {
  const discarded: number[] = [];
  const [one, ten, polled]: [FloodFigures[], FloodFigures[], FloodFigures[]] = [[], [], []];
  for (let round = 0; round < rounds(setup, 16); round += 1) {
    discarded.push(await throughTerminal());
    one.push(await throughHost(1, false));
    ten.push(await throughHost(10, false));
    polled.push(await throughHost(1, true));
  }
  const speed = median(one.map(({ megabytesPerSecond }) => megabytesPerSecond));
  const answers = polled.flatMap(({ answerMs }) => answerMs);
  return {
    title: 'Output through URL scanner, ring buffer and log file',
    method: `\`yes\` runs in a terminal for ${seconds} s, after a warm-up of one second. The baseline reads the output in the calling process and discards it. Ours scans for URLs, keeps the last MiB in memory and writes the log; the terminal is not shown. In a separate run, since the baseline gets no requests, the process host gets a request every ${pollMs} ms; the lag of its event loop is no longer than its answer time. The part \`flood\` measures the extension host, and a terminal that is shown.`,
    rows: compared('MB/s', [
      { who: 'read and discarded', values: discarded },
      sample('ours, 1 server', one),
      sample('ours, 10 servers at once', ten),
      sample('ours, 1 server, with requests', polled, {
        'answer p99 ms': rounded(quantile(answers, 0.99)),
      }),
    ]),
    marks: [
      mark({
        what: 'throughput, terminal not shown',
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

function sample(who: string, runs: readonly FloodFigures[], more: Sample['more'] = {}): Sample {
  return {
    who,
    values: runs.map(({ megabytesPerSecond }) => megabytesPerSecond),
    more: { 'memory grown MiB': rounded(Math.max(...runs.map(({ grownMiB }) => grownMiB))), ...more },
  };
}

async function throughTerminal(): Promise<number> {
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

async function throughHost(servers: number, isPolled: boolean): Promise<FloodFigures> {
  const window = new Window();
  await window.warmUp();
  const before = residentMemory(window.processes.pid ?? 0);
  const ids = await window.define(Array.from({ length: servers }, () => flood));
  await Promise.all(ids.map((id) => window.lifecycle.start(id)));
  await pause(warmUpMs);
  const bytesBefore = await writtenBytes(window, ids);
  const start = performance.now();
  const answerMs: number[] = [];
  let peak = before;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(pollMs)) {
    if (isPolled) answerMs.push(await timed(() => sendRequest(window)));
    peak = Math.max(peak, residentMemory(window.processes.pid ?? 0));
  }
  const bytes = (await writtenBytes(window, ids)) - bytesBefore;
  const elapsedSeconds = (performance.now() - start) / 1000;
  await window.close();
  return { megabytesPerSecond: bytes / elapsedSeconds / 1e6, grownMiB: peak - before, answerMs };
}

/** Returns how many bytes the servers have written so far, from the end offsets of their logs. */
async function writtenBytes({ processes }: Window, ids: readonly string[]): Promise<number> {
  const tails = await Promise.all(ids.map((id) => processes.logs.tail({ id, cwd: '/' }, { lines: 1 })));
  return tails.reduce((total, tail) => total + (tail?.end ?? 0), 0);
}

function sendRequest({ processes }: Window): Promise<unknown> {
  return processes.stop({ runId: 'unknown-run', signal: 'SIGTERM', graceMs: 0 });
}
