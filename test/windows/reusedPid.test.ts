import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, it } from 'vitest';
import { windows } from '../../src/host/platform/windows.js';
import type { ProcessEntry } from '../../src/host/system/processes.js';
import { isAlive } from '../support/processes.js';

/** Processes started to get a pid again; Windows gives the pids of ended processes to the next ones. */
const maxAttempts = 1000;

const children = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...children].map(end));
});

describe('a pid that belongs to another process on Windows', () => {
  it('gets no signal, and is not taken for the server', async (context) => {
    const server = await started();
    const identity = await windows.identify(server.pid ?? 0);
    assert.ok(identity);
    await end(server);
    const unrelated = await startedAs(identity.pid);
    if (!unrelated) return context.skip(`no process of ${maxAttempts} got the pid`);
    const { pid, startTime } = identity;
    const root = { name: 'server', process: identity, parent: 0 };
    const entry: ProcessEntry = {
      pid,
      startTime,
      parent: process.pid,
      group: pid,
      session: pid,
      marker: undefined,
      command: 'node',
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
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000000)'], { stdio: 'ignore' });
  children.add(child);
  await once(child, 'spawn');
  return child;
}

/** Starts processes until one has this pid. */
async function startedAs(pid: number): Promise<ChildProcess | undefined> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const child = await started();
    if (child.pid === pid) return child;
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
