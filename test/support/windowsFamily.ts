import { queries, windows } from '../../src/host/platform/windows.js';
import type { ProcessEntry } from '../../src/host/system/processes.js';

/** Returns the children of a process on Windows, where no environment shows which processes belong to a window. */
export async function windowsChildren(pid: number | undefined): Promise<ProcessEntry[]> {
  return (await windows.list()).filter(({ parent }) => parent === pid);
}

/** Returns what lives of an ended process host and its children, and ends the PowerShell that has listed it. */
export async function leftOfHost(pid: number | undefined): Promise<ProcessEntry[]> {
  const left = (await windows.list()).filter((entry) => entry.pid === pid || entry.parent === pid);
  queries.end();
  return left;
}
