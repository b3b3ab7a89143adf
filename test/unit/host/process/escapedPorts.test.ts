import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { escapedPorts } from '../../../../src/host/process/escapedPorts.js';
import type { PortHolderDeps } from '../../../../src/host/sockets/portHolders.js';
import { unknownStart, type ProcessEntry } from '../../../../src/host/system/processes.js';

const port = 5173;
const createdAt = 10_000;

/** Returns the ports of a run whose root has ended, when a process that started at that time listens. */
function portsHeldBy(startedAt: number, root: string): Promise<number[]> {
  const [pid, parent] = [100, 1];
  const entry: ProcessEntry = {
    pid,
    startTime: String(startedAt),
    parent,
    group: pid,
    session: pid,
    marker: undefined,
    command: 'perl',
  };
  const listener = { port, address: '127.0.0.1', id: 's', waiting: undefined, pids: [pid] };
  const host = { pid: 90, startTime: '0', bootId: 'boot' };
  const deps = {
    platform: {
      bootId: () => Promise.resolve('boot'),
      folderOf: () => Promise.resolve(undefined),
      startedAt: (time: string) => (time === unknownStart ? undefined : Number(time)),
    },
    ledger: { own: { windowId: 'window', host, runs: [] }, others: () => Promise.resolve([]) },
    sockets: { get: () => Promise.resolve([listener]) },
    processSockets: { get: () => Promise.resolve([{ entry, sockets: undefined }]) },
  } as unknown as PortHolderDeps;
  return escapedPorts([port], { root: { pid: 95, startTime: root, bootId: 'boot' }, createdAt }, deps);
}

describe('a port that a run seems to have left in use', () => {
  it('is that of a process which is younger than the root of the run', async () => {
    assert.deepEqual(await portsHeldBy(20_500, '20000'), [port]);
    assert.deepEqual(await portsHeldBy(18_000, '20000'), []);
  });

  it('is that of a process which is younger than the run, when the root ended before it was identified', async () => {
    assert.deepEqual(await portsHeldBy(10_500, unknownStart), [port]);
    assert.deepEqual(await portsHeldBy(8000, unknownStart), []);
  });
});
