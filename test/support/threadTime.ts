import { readFileSync } from 'node:fs';

/**
 * Returns the processor time that this thread has used, in milliseconds: the first number of the file. It excludes other
 * programs and the other tests of this process. Outside of Linux it is the time of the whole process.
 */
export function threadMs(): number {
  if (process.platform === 'linux') {
    const [used] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
    return Number(used) / 1e6;
  }
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

/** Returns the processor time that the work takes in this thread, in milliseconds. */
export function threadMsOf(work: () => unknown): number {
  const before = threadMs();
  work();
  return threadMs() - before;
}
