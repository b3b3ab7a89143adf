import { Mutex } from 'async-mutex';
import { Registry } from '../../src/core/registry/registry.js';
import { alone, compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { inParallel } from '../harness/work.js';
import { definition } from '../harness/window.js';
import type { Endpoint } from '../../src/core/readiness/endpoint.js';

/**
 * As many servers as a large monorepo has. With thousands, each change copies a larger map, which takes 0.1 ms for
 * 1,000.
 */
const servers = 100;
const callers = 100;
const operations = 20_000;
const snapshots = 1000;

/** Measures the registry alone, with many servers and many callers. */
export async function registryAlone(setup: Setup): Promise<PartResult> {
  const times = {
    bare: [] as number[],
    ours: [] as number[],
    read: [] as number[],
    snapshot: [] as number[],
  };
  let p99HoldMs = 0;
  for (let round = 0; round < rounds(setup, 20); round += 1) {
    times.bare.push(await bareMutex());
    const registry = await filledRegistry();
    times.ours.push(await changes(registry));
    p99HoldMs = Math.max(p99HoldMs, registry.lockMetrics.p99HoldMs);
    times.read.push(await readAfterChange(registry));
    times.snapshot.push(await takeSnapshots(registry));
  }
  const ours = median(times.ours);
  return {
    title: `The registry with ${servers} servers and ${callers} callers`,
    method: `${operations} changes by ${callers} callers. Each change is an event that the transition function applies, and is published to a listener. The baseline is \`async-mutex\` around one write to a map. A snapshot is taken under the lock; reading visits all its servers right after a change.`,
    rows: [
      ...compared('operations/s', [
        { who: 'async-mutex around a map write', values: times.bare },
        { who: 'ours, a change', values: times.ours },
      ]),
      ...alone('µs', [
        { who: 'ours, a snapshot', values: times.snapshot },
        { who: 'ours, reading all servers after a change', values: times.read },
      ]),
    ],
    marks: [
      mark({ what: 'one change', ours: 1e6 / ours, unit: 'µs', atMost: 50 }),
      mark({ what: `snapshot of ${servers}`, ours: median(times.snapshot), unit: 'µs', atMost: 50 }),
      mark({ what: 'reading all after a change', ours: median(times.read), unit: 'µs', atMost: 50 }),
      mark({ what: 'lock held, p99', ours: p99HoldMs, unit: 'ms', atMost: 1 }),
    ],
    missing: [],
  };
}

async function filledRegistry(): Promise<Registry> {
  const log = { info: () => undefined, error: (message: string) => console.error(message) };
  const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  await registry.define(Array.from({ length: servers }, (_, index) => definition(serverId(index), ['true'])));
  let version = 0;
  registry.onDidChange((snapshot) => {
    version = snapshot.version;
  });
  await Promise.all(
    Array.from({ length: servers }, (_, index) => registry.reserve(serverId(index), runId(index))),
  );
  await Promise.all(
    Array.from({ length: servers }, (_, index) =>
      registry.dispatch(serverId(index), {
        kind: 'spawned',
        run: {
          id: runId(index),
          process: { pid: index, startTime: '1', bootId: 'b' },
          startedAt: 0,
          startedTick: 0,
        },
      }),
    ),
  );
  if (version === 0) throw new Error('The listener was not notified.');
  return registry;
}

async function changes(registry: Registry): Promise<number> {
  const start = performance.now();
  await inParallel(operations, callers, (index) => {
    const server = index % servers;
    const url = `http://localhost:${index}/`;
    return registry.dispatch(serverId(server), {
      kind: 'ready',
      runId: runId(server),
      endpoint: endpointAt(url),
    });
  });
  return operations / ((performance.now() - start) / 1000);
}

function endpointAt(url: string): Endpoint {
  return { url, listener: 'own', pid: 1, contested: false };
}

async function bareMutex(): Promise<number> {
  const mutex = new Mutex();
  const records = new Map<string, object>();
  for (let index = 0; index < servers; index += 1) records.set(serverId(index), {});
  const start = performance.now();
  await inParallel(operations, callers, (index) =>
    mutex.runExclusive(() => {
      const id = serverId(index % servers);
      records.set(id, { ...records.get(id), url: `http://localhost:${index}/` });
    }),
  );
  return operations / ((performance.now() - start) / 1000);
}

/** Returns the time of one snapshot in microseconds. */
async function takeSnapshots(registry: Registry): Promise<number> {
  const start = performance.now();
  for (let count = 0; count < snapshots; count += 1) await registry.snapshot();
  return ((performance.now() - start) / snapshots) * 1000;
}

/** Returns the time in microseconds that a view needs to read all servers of a new snapshot. */
async function readAfterChange(registry: Registry): Promise<number> {
  let total = 0;
  let found = 0;
  for (let count = 0; count < snapshots; count += 1) {
    await registry.dispatch(serverId(count % servers), {
      kind: 'ready',
      runId: runId(count % servers),
      endpoint: endpointAt(`http://localhost:${count}/read`),
    });
    const start = performance.now();
    for (const { state } of registry.current.servers) if (state.kind === 'ready') found += 1;
    total += performance.now() - start;
  }
  if (found === 0) throw new Error('Nothing was read.');
  return (total / snapshots) * 1000;
}

const serverId = (index: number): string => `server-${index}`;
const runId = (index: number): string => `run-${index}`;
