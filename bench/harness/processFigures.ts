import { readdirSync, readFileSync } from 'node:fs';

/** Returns the memory of a process in MiB: its private memory and its share of shared memory (PSS). Linux only. */
export function shareOfMemory(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1]) / 1024;
}

/** Returns the resident memory of a process in MiB. Linux only. */
export function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Returns the processor time that a process has used, in milliseconds. Linux only. */
export function processorTime(pid: number): number {
  // The first field is the time on a processor in nanoseconds.
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'));
  return nanoseconds.reduce((total, text) => total + Number(text.split(' ')[0]) / 1e6, 0);
}

/** Returns how often a process has gone to sleep and woken up again (voluntary context switches). Linux only. */
export function wakeUps(pid: number): number {
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Returns how many files and sockets a process has open. Linux only. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Returns the number of zombies among the children of a process. Linux only. */
export function zombieChildren(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children.filter((child) => child !== '' && processState(child) === 'Z').length;
}

function processState(pid: string): string | undefined {
  try {
    return / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/, ''))?.[1];
  } catch {
    return undefined;
  }
}
