import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { escapedPorts } from '../../../../src/host/process/escapedPorts.js';
import type { PortHolderDeps } from '../../../../src/host/sockets/portHolders.js';
import { unknownStart, type ProcessEntry } from '../../../../src/host/system/processes.js';

const port = 5173;
const createdAt = 10_000;

interface Escaped extends Partial<ProcessEntry> {
  /** Run on record whose root is the process. */
  readonly run?: string;
  /** Ports that the output named before. */
  readonly named?: readonly number[];
}

/** Returns the ports of a run whose root has ended, when a process that started at that time listens. */
function portsHeldBy(
  startedAt: number,
  root: string,
  { run, named = [], ...more }: Escaped = {},
): Promise<number[]> {
  const [pid, parent] = [100, 1];
  const entry: ProcessEntry = {
    pid,
    startTime: String(startedAt),
    parent,
    group: pid,
    session: pid,
    marker: undefined,
    command: 'perl',
    ...more,
  };
  const process = { pid, startTime: entry.startTime, bootId: 'boot' };
  const runs = run === undefined ? [] : [{ runId: run, serverId: 'other', cwd: '/', process }];
  const listener = { port, address: '127.0.0.1', id: 's', waiting: undefined, pids: [pid] };
  const host = { pid: 90, startTime: '0', bootId: 'boot' };
  const deps = {
    platform: {
      bootId: () => Promise.resolve('boot'),
      folderOf: () => Promise.resolve(undefined),
      startedAt: (time: string) => (time === unknownStart ? undefined : Number(time)),
    },
    ledger: { own: { windowId: 'window', host, runs }, others: () => Promise.resolve([]) },
    sockets: { get: () => Promise.resolve([listener]) },
    processSockets: { get: () => Promise.resolve([{ entry, sockets: undefined }]) },
  } as unknown as PortHolderDeps;
  return escapedPorts(
    [...named, port],
    { root: { pid: 95, startTime: root, bootId: 'boot' }, createdAt },
    deps,
  );
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

  it('is that of a process with the name of an editor or a container engine, or the marker of another window', async () => {
    for (const hidden of [
      { command: 'code --type=utility' },
      { command: '/usr/bin/docker-proxy -proto tcp' },
      { marker: 'window-1234-1' },
    ])
      assert.deepEqual(await portsHeldBy(20_500, '20000', hidden), [port], JSON.stringify(hidden));
  });

  it('is not that of another run on record', async () => {
    assert.deepEqual(await portsHeldBy(20_500, '20000', { marker: 'window-1', run: 'window-1' }), []);
  });

  it('is found after many ports that the output named', async () => {
    const named = Array.from({ length: 50 }, (_, index) => 6000 + index);
    assert.deepEqual(await portsHeldBy(20_500, '20000', { named }), [port]);
  });
});
