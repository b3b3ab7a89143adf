import { readdirSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';

/** The kernel gives the numbers below to no further task: RESERVED_PIDS in its kernel/pid.c. */
const reservedNumbers = 300;

/**
 * Returns how many more processes and threads this process may have, at least as far as `enough`; `undefined` where
 * that is not known. Without this check, a library that creates a thread would reach the limit, and end the whole
 * process.
 */
export function freeTasks(enough: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const total = Number(/\/(\d+) /.exec(read('/proc/loadavg'))?.[1] ?? 0);
    const free = [Number(read('/proc/sys/kernel/threads-max')) - total, ...controlGroups().map(freeIn)];
    const known = free.filter((count) => Number.isFinite(count));
    return Math.min(...known, freeNumbers(total, enough), freeOfUser(total, enough));
  } catch {
    return undefined;
  }
}

/** Each task takes a number of its pid namespace: pid_namespaces(7). */
function freeNumbers(total: number, enough: number): number {
  return freeBelow(Number(read('/proc/sys/kernel/pid_max')) - reservedNumbers, total, enough);
}

/** The limit of a user does not apply to root: setrlimit(2), RLIMIT_NPROC. */
function freeOfUser(total: number, enough: number): number {
  const user = process.getuid?.();
  const limit = /^Max processes +(\d+)/m.exec(read('/proc/self/limits'))?.[1];
  if (user === 0 || limit === undefined) return Number.POSITIVE_INFINITY;
  return freeBelow(Number(limit), total, enough, user);
}

/**
 * Counting the tasks to which the limit applies takes a scan, which is needed only if all processes together are too
 * many.
 */
function freeBelow(limit: number, total: number, enough: number, user?: number): number {
  return limit - (limit - total >= enough ? total : countTasks(user));
}

/** Counts the tasks that can be seen, of one user or of all. */
function countTasks(user?: number): number {
  let tasks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (user !== undefined && statSync(`/proc/${name}`).uid !== user) continue;
      tasks += Number(/^Threads:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1] ?? 0);
    } catch {
      // It has ended.
    }
  }
  return tasks;
}

/** Returns the folders of the control groups that bound the tasks of this process, for both versions: cgroups(7). */
function controlGroups(): string[] {
  return read('/proc/self/cgroup')
    .split('\n')
    .flatMap((line) => {
      const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
      if (controllers === '') return ancestors('/sys/fs/cgroup', path);
      return controllers?.split(',').includes('pids') ? ancestors('/sys/fs/cgroup/pids', path) : [];
    });
}

function ancestors(root: string, path = '/'): string[] {
  return path === '/' ? [root] : [posix.join(root, path), ...ancestors(root, posix.dirname(path))];
}

/** Returns `NaN` for a group without a limit. */
function freeIn(folder: string): number {
  try {
    return Number(read(`${folder}/pids.max`)) - Number(read(`${folder}/pids.current`));
  } catch {
    return Number.NaN;
  }
}

function read(path: string): string {
  return readFileSync(path, 'latin1').trim();
}
