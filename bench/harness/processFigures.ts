import { readdirSync, readFileSync } from 'node:fs';

/** The memory of a process in MiB: its own, and its share of what it has in common with others. Linux only. */
export function shareOfMemory(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1]) / 1024;
}

/** What of a process is in memory, MiB. Linux only. */
export function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Processor time that a process has used, milliseconds. Linux only. */
export function processorTime(pid: number): number {
  // Nanoseconds on a processor, of each thread.
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'));
  return nanoseconds.reduce((total, text) => total + Number(text.split(' ')[0]) / 1e6, 0);
}

/** How often a process went to sleep by itself; one that only waits does not. Linux only. */
export function wakeUps(pid: number): number {
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** How many files and sockets a process has open. Linux only. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** The children of a process that ended and were not collected. Linux only. */
export function zombiesOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children.filter((child) => child !== '' && stateOf(child) === 'Z').length;
}

function stateOf(pid: string): string | undefined {
  try {
    return / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/, ''))?.[1];
  } catch {
    return undefined;
  }
}
