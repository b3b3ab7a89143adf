import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { system32 } from './windowsSystem.js';

const timeoutMs = 5000;

/**
 * Kills a process and its descendants by `taskkill`. Resolves when it has ended, regardless of its result: the caller
 * must verify the end. Has no effect on this process and on processes of the system.
 */
export function killTree(pid: number): Promise<void> {
  if (!Number.isInteger(pid) || pid < 5 || pid === process.pid) return Promise.resolve();
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, windowsHide: true };
    execFile(join(system32, 'taskkill.exe'), ['/PID', String(pid), '/T', '/F'], options, () => resolve());
  });
}
