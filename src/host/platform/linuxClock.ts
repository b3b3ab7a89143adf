import { uptime } from 'node:os';

/** Frequency of the ticks in start times: `getconf CLK_TCK`, the same on all current machines. */
const ticksPerSecond = 100;

/**
 * Returns the wall clock at a number of ticks since the boot, whose time is in the text of `/proc/stat`: proc_stat(5).
 */
export function wallClock(ticks: string, stat: string): number | undefined {
  const boot = /^btime (\d+)$/m.exec(stat)?.[1];
  if (boot === undefined || !/^\d+$/.test(ticks)) return undefined;
  return Number(boot) * 1000 + (Number(ticks) / ticksPerSecond) * 1000;
}

/** Returns the age of a process; too low in a container whose uptime counts from its own start. */
function ageMs(startTime: string): number {
  return (uptime() - Number(startTime) / ticksPerSecond) * 1000;
}

/** Returns whether a process with this start time is certainly older. */
export function isOlderThan(startTime: string, milliseconds: number): boolean {
  return ageMs(startTime) - 1000 / ticksPerSecond > milliseconds;
}
