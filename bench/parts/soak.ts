import { mark } from '../harness/marks.js';
import { openFiles, residentMemory, zombieChildren } from '../harness/processFigures.js';
import type { PartResult } from '../harness/result.js';
import type { Setup } from '../harness/setup.js';
import { rounded, slope } from '../harness/statistics.js';
import { pause } from '../harness/time.js';
import { inParallel } from '../harness/work.js';
import { Window, type Command } from '../harness/window.js';

const servers = 10;
const settleMs = 300;
const command: Command = ['/bin/sh', '-c', 'echo ready; exec sleep 1000'];

/** Resource usage of a process after a number of cycles. */
interface Usage {
  readonly cycles: number;
  /** MiB. */
  readonly memory: number;
  readonly files: number;
  readonly zombies: number;
}

/** Measures leaks caused by many starts and stops. */
export async function soak(setup: Setup): Promise<PartResult> {
  const cycles = setup.isQuick ? Math.min(setup.cycles, 500) : setup.cycles;
  const every = Math.max(1, Math.round(cycles / 40));
  const window = new Window();
  const ids = await window.define(Array.from({ length: servers }, () => command));
  await window.warmUp();
  const hostPid = window.processes.pid ?? 0;
  const memory = { 'process host': () => residentMemory(hostPid), caller: liveMemory };
  const pids = { 'process host': hostPid, caller: process.pid };
  const usages: Record<string, Usage[]> = { 'process host': [], caller: [] };
  for (let done = 0; done < cycles; done += every) {
    await inParallel(every, servers, async (index) => {
      await window.lifecycle.start(ids[index % servers] ?? '');
      await window.lifecycle.stop(ids[index % servers] ?? '');
    });
    // A log file is open only while it is written to.
    await pause(settleMs);
    for (const name of ['process host', 'caller'] as const) {
      const [files, zombies] = [openFiles(pids[name]), zombieChildren(pids[name])];
      usages[name]?.push({ cycles: done + every, memory: memory[name](), files, zombies });
    }
  }
  await window.close();
  return {
    title: `Soak: ${cycles} starts and stops`,
    method: `${servers} callers start and stop ${servers} servers, each of which writes a line. Both processes are measured while all servers are stopped, ${settleMs} ms after the last stop. For the process host, this is the resident memory; for the caller, which is also the harness, the live memory after a garbage collection. The slope is that of a line through the second half of the measurements, since a process first grows to the size at which it collects garbage.`,
    rows: Object.entries(usages).map(([who, all]) => ({
      who,
      'first MiB': rounded(all[0]?.memory ?? 0),
      'last MiB': rounded(all.at(-1)?.memory ?? 0),
      'MiB per 1000 cycles': rounded(memorySlope(all)),
      'first open files': all[0]?.files ?? 0,
      'last open files': all.at(-1)?.files ?? 0,
      'max zombies': Math.max(...all.map(({ zombies }) => zombies)),
    })),
    marks: [
      ...Object.entries(usages).map(([name, all]) =>
        mark({ what: `memory of the ${name} per 1000`, ours: memorySlope(all), unit: 'MiB', atMost: 1 }),
      ),
      mark({
        what: 'additional open files at the end',
        ours: grownFiles(usages['process host'] ?? []),
        unit: '',
        atMost: 0,
      }),
      mark({
        what: 'zombies at the end',
        ours: usages['process host']?.at(-1)?.zombies ?? Number.NaN,
        unit: '',
        atMost: 0,
      }),
    ],
    missing: [],
  };
}

/** Returns the live memory of the calling process in MiB; its resident memory consists mostly of garbage. */
function liveMemory(): number {
  if (!globalThis.gc) throw new Error('Garbage cannot be collected: Node runs without --expose-gc.');
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 ** 2;
}

function memorySlope(usages: readonly Usage[]): number {
  const later = usages.slice(Math.floor(usages.length / 2));
  return slope(later.map(({ cycles, memory }) => [cycles / 1000, memory] as const));
}

function grownFiles(usages: readonly Usage[]): number {
  return (usages.at(-1)?.files ?? Number.NaN) - (usages[0]?.files ?? 0);
}
