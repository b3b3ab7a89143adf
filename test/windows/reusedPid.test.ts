import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, it } from 'vitest';
import { windows } from '../../src/host/platform/windows.js';
import { system32 } from '../../src/host/platform/windowsSystem.js';
import type { ProcessIdentity } from '../../src/core/server/state.js';
import type { ProcessEntry } from '../../src/host/system/processes.js';
import { isAlive } from '../support/processes.js';

/** Processes started to get a pid again; Windows gives the pids of ended processes to the next ones. */
const maxAttempts = 500;

/** A program that starts quickly, and waits for input. */
const cmd = join(system32, 'cmd.exe');

const children = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...children].map(end));
});

describe('a pid that belongs to another process on Windows', () => {
  it('gets no signal, and is not taken for the server', async (context) => {
    const reused = await reusedPid();
    if (!reused) return context.skip(`no pid of ${maxAttempts} processes was given again`);
    const { identity, unrelated } = reused;
    const { pid, startTime } = identity;
    const root = { name: 'server', process: identity, parent: 0 };
    const entry: ProcessEntry = {
      pid,
      startTime,
      parent: process.pid,
      group: pid,
      session: pid,
      marker: undefined,
      command: 'cmd',
    };
    await windows.signal(root, [entry], 'SIGKILL');
    assert.equal(isAlive(pid), true);
    assert.notEqual((await windows.identify(pid))?.startTime, startTime);
    // The same call with the identity of the other process ends it.
    const other = await windows.identify(pid);
    assert.ok(other);
    await windows.signal({ ...root, process: other }, [{ ...entry, startTime: other.startTime }], 'SIGKILL');
    await once(unrelated, 'exit');
  });
});

async function started(): Promise<ChildProcess> {
  const child = spawn(cmd, ['/d', '/q'], { stdio: ['pipe', 'ignore', 'ignore'] });
  children.add(child);
  await once(child, 'spawn');
  return child;
}

/** Starts and ends processes until one gets the pid of an earlier one, and returns it with the identity of that one. */
async function reusedPid(): Promise<{ identity: ProcessIdentity; unrelated: ChildProcess } | undefined> {
  const ended = new Map<number | undefined, ProcessIdentity>();
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const child = await started();
    const identity = ended.get(child.pid);
    if (identity) return { identity, unrelated: child };
    const own = await windows.identify(child.pid ?? 0);
    if (own) ended.set(own.pid, own);
    await end(child);
  }
  return undefined;
}

async function end(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
