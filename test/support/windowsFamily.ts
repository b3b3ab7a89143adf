import { fromTicks, queries, windows } from '../../src/host/platform/windows.js';
import type { ProcessEntry } from '../../src/host/system/processes.js';

/** Returns the children of a process on Windows, where no environment shows which processes belong to a window. */
export async function windowsChildren(pid: number | undefined): Promise<ProcessEntry[]> {
  return (await windows.list()).filter(({ parent }) => parent === pid);
}

/** Maximum time in which a console ends after the process host that has created it, milliseconds. */
const consoleEndMs = 20_000;

/**
 * Returns the remaining processes of an ended process host and its children, and ends the PowerShell that has listed
 * them.
 */
export async function leftOfHost(pid: number | undefined): Promise<ProcessEntry[]> {
  const deadline = performance.now() + consoleEndMs;
  let left = await family(pid);
  while (left.length > 0 && performance.now() < deadline) left = await family(pid);
  queries.end();
  return left;
}

async function family(pid: number | undefined): Promise<ProcessEntry[]> {
  // The pid may have belonged to another process before.
  const isLater = ({ startTime }: ProcessEntry): boolean =>
    (fromTicks(startTime) ?? 0) >= performance.timeOrigin;
  return (await windows.list()).filter(
    (entry) => (entry.pid === pid || entry.parent === pid) && isLater(entry),
  );
}
