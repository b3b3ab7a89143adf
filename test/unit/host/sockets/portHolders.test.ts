import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { findHolders, type PortHolderDeps } from '../../../../src/host/sockets/portHolders.js';
import type { Listener } from '../../../../src/host/system/listeners.js';
import type { ProcessEntry } from '../../../../src/host/system/processes.js';

const port = 5173;
const host = { pid: 90, startTime: 'host', bootId: 'boot' };
const web = { pid: 100, startTime: 'web', bootId: 'boot' };

/** A process without a readable environment, as macOS has. */
function hiddenProcess(pid: number, startTime: string, parent: number): ProcessEntry {
  return { pid, startTime, parent, group: pid, session: pid, marker: undefined, command: 'node server.js' };
}

describe('the process that listens on a port', () => {
  it('is one of the server that has it on record, though nothing else shows that', async () => {
    const entries = [hiddenProcess(100, 'web', 90), hiddenProcess(101, 'worker', 1)];
    const listener: Listener = { port, address: '127.0.0.1', id: 's', waiting: undefined, pids: [101] };
    const runs = [
      {
        runId: 'window-1',
        serverId: 'shop:dev',
        cwd: '/',
        process: web,
        members: [{ pid: 101, startTime: 'worker' }],
      },
    ];
    const deps = {
      platform: {
        bootId: () => Promise.resolve('boot'),
        folderOf: () => Promise.resolve(undefined),
        startedAt: () => undefined,
      },
      ledger: { own: { windowId: 'window', host, runs }, others: () => Promise.resolve([]) },
      processSockets: { get: () => Promise.resolve(entries.map((entry) => ({ entry, sockets: undefined }))) },
    } as unknown as PortHolderDeps;
    const [holder] = await findHolders([listener], deps);
    assert.deepEqual(holder?.owner, { kind: 'server', serverId: 'shop:dev' });
  });
});
