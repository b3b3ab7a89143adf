import { mark } from '../harness/marks.js';
import { openFiles, residentMemory, zombiesOf } from '../harness/processFigures.js';
import type { PartResult } from '../harness/result.js';
import type { Setup } from '../harness/setup.js';
import { rounded, slope } from '../harness/statistics.js';
import { pause } from '../harness/time.js';
import { inParallel } from '../harness/work.js';
import { Window, type Command } from '../harness/window.js';

const servers = 10;
const settleMs = 300;
const command: Command = ['/bin/sh', '-c', 'echo ready; exec sleep 1000'];

/** What a process weighs after so many cycles. */
interface Look {
  readonly cycles: number;
  readonly memory: number;
  readonly files: number;
  readonly zombies: number;
}

/** Starts and stops again and again: nothing may pile up. */
export async function soak(setup: Setup): Promise<PartResult> {
  const cycles = setup.isQuick ? Math.min(setup.cycles, 500) : setup.cycles;
  const every = Math.max(1, Math.round(cycles / 40));
  const window = new Window();
  const ids = await window.define(Array.from({ length: servers }, () => command));
  await window.warmUp();
  const hostPid = window.processes.pid ?? 0;
  const memory = { 'process host': () => residentMemory(hostPid), caller: liveMemory };
  const pids = { 'process host': hostPid, caller: process.pid };
  const looks: Record<string, Look[]> = { 'process host': [], caller: [] };
  for (let done = 0; done < cycles; done += every) {
    await inParallel(every, servers, async (index) => {
      await window.lifecycle.start(ids[index % servers] ?? '');
      await window.lifecycle.stop(ids[index % servers] ?? '');
    });
    // What a log is being written to is open only for that.
    await pause(settleMs);
    for (const name of ['process host', 'caller'] as const) {
      const [files, zombies] = [openFiles(pids[name]), zombiesOf(pids[name])];
      looks[name]?.push({ cycles: done + every, memory: memory[name](), files, zombies });
    }
  }
  await window.close();
  return {
    title: `Soak: ${cycles} starts and stops`,
    method: `By ${servers} callers on ${servers} servers, each of which writes a line; looked at while all rest, ${settleMs} ms after a stop. The memory of the process host is what the system counts as its own; that of the caller, which is the harness as well, what is left after a collection of garbage. The slope is that of a line through the second half of the looks, since a process first grows to the size at which it collects its garbage.`,
    rows: Object.entries(looks).map(([who, all]) => ({
      who,
      'first MiB': rounded(all[0]?.memory ?? 0),
      'last MiB': rounded(all.at(-1)?.memory ?? 0),
      'MiB per 1000 cycles': rounded(memorySlope(all)),
      'files at first': all[0]?.files ?? 0,
      'files at last': all.at(-1)?.files ?? 0,
      'most zombies': Math.max(...all.map(({ zombies }) => zombies)),
    })),
    marks: [
      ...Object.entries(looks).map(([name, all]) =>
        mark({ what: `memory of the ${name} per 1000`, ours: memorySlope(all), unit: 'MiB', atMost: 1 }),
      ),
      mark({
        what: 'more open files at the end',
        ours: grownFiles(looks['process host'] ?? []),
        unit: '',
        atMost: 0,
      }),
      mark({
        what: 'zombies at the end',
        ours: looks['process host']?.at(-1)?.zombies ?? Number.NaN,
        unit: '',
        atMost: 0,
      }),
    ],
    missing: [],
  };
}

/** What the calling process still needs, MiB: it has so much room for garbage that its size says nothing. */
function liveMemory(): number {
  if (!globalThis.gc) throw new Error('The garbage cannot be collected: Node runs without --expose-gc.');
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 ** 2;
}

function memorySlope(looks: readonly Look[]): number {
  const later = looks.slice(Math.floor(looks.length / 2));
  return slope(later.map(({ cycles, memory }) => [cycles / 1000, memory] as const));
}

function grownFiles(looks: readonly Look[]): number {
  return (looks.at(-1)?.files ?? Number.NaN) - (looks[0]?.files ?? 0);
}
