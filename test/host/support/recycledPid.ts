import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { fixture } from './testHost.js';

const lastPid = '/proc/sys/kernel/ns_last_pid';

/** Skips a test, and says why in its title, where it cannot be told which pid a process gets. */
export function needChosenPids(context: Mocha.Context): void {
  if (canChoosePids()) return;
  if (context.test) context.test.title += ' (skipped: this user may not tell the kernel which pid to give)';
  context.skip();
}

/** Whether this user may tell the kernel which pid to give next; containers and ordinary users may not. */
function canChoosePids(): boolean {
  try {
    accessSync(lastPid, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A process that has nothing to do with us and has got this pid, which must be free. */
export function strangerWithPid(pid: number): ChildProcess {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    writeFileSync(lastPid, String(pid - 1));
    const child = spawn(process.execPath, [fixture('tree.mjs'), 'plain'], {
      env: {},
      stdio: 'ignore',
      detached: true,
    });
    if (child.pid === pid) return child;
    // Another program of the machine was quicker.
    child.kill('SIGKILL');
  }
  throw new Error(`Pid ${pid} could not be had.`);
}
