import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { fixture } from './testHost.js';

const lastPid = '/proc/sys/kernel/ns_last_pid';

/** Skips a test where the next pid cannot be chosen. */
export function skipUnlessPidsCanBeChosen(context: TestContext): void {
  if (!canChoosePids()) context.skip('this user may not tell the kernel which pid to give');
}

/** Returns whether this user may set the next pid of the kernel, which containers and ordinary users may not. */
function canChoosePids(): boolean {
  try {
    accessSync(lastPid, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts an unrelated process with this pid. Skips the test when another program of the machine gets it first, and keeps it. */
export function spawnWithPid(context: TestContext, pid: number): ChildProcess {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    writeFileSync(lastPid, String(pid - 1));
    const child = spawn(process.execPath, [fixture('tree.mjs'), 'plain'], {
      env: {},
      stdio: 'ignore',
      detached: true,
    });
    if (child.pid === pid) return child;
    child.kill('SIGKILL');
  }
  return context.skip('another program of this machine has got the pid');
}
