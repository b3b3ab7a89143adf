import { Mutex } from 'async-mutex';
import { Registry } from '../../src/core/registry/registry.js';
import { alone, compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { inParallel } from '../harness/work.js';
import { definition } from '../harness/window.js';
import type { Endpoint } from '../../src/core/readiness/endpoint.js';

const servers = 1000;
const callers = 100;
const operations = 20_000;
const snapshots = 1000;

/** The registry alone, with many servers and many callers. */
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
    const registry = await filled();
    times.ours.push(await changes(registry));
    p99HoldMs = Math.max(p99HoldMs, registry.lockMetrics.p99HoldMs);
    times.read.push(await readAfterChange(registry));
    times.snapshot.push(await asked(registry));
  }
  const [bare, ours] = [median(times.bare), median(times.ours)];
  return {
    title: `The registry with ${servers} servers and ${callers} callers`,
    method: `${operations} changes by ${callers} callers, each an event that the transition function decides about, published to a listener; beside them \`async-mutex\` around one write to a map. A snapshot is asked for under the lock; reading goes through all its servers right after a change.`,
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
      mark({ what: 'change', ours, unit: '/s', baseline: bare, about: 'ratio', atLeast: 0.7 }),
      mark({ what: `snapshot of ${servers}`, ours: median(times.snapshot), unit: 'µs', atMost: 50 }),
      mark({ what: 'reading all after a change', ours: median(times.read), unit: 'µs', atMost: 50 }),
      mark({ what: 'lock held, p99', ours: p99HoldMs, unit: 'ms', atMost: 1 }),
    ],
    missing: [],
  };
}

async function filled(): Promise<Registry> {
  const log = { info: () => undefined, error: (message: string) => console.error(message) };
  const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  await registry.define(Array.from({ length: servers }, (_, index) => definition(idOf(index), ['true'])));
  let version = 0;
  registry.onDidChange((snapshot) => {
    version = snapshot.version;
  });
  await Promise.all(
    Array.from({ length: servers }, (_, index) => registry.reserve(idOf(index), runOf(index))),
  );
  await Promise.all(
    Array.from({ length: servers }, (_, index) =>
      registry.dispatch(idOf(index), {
        kind: 'spawned',
        run: {
          id: runOf(index),
          process: { pid: index, startTime: '1', bootId: 'b' },
          startedAt: 0,
          startedTick: 0,
        },
      }),
    ),
  );
  if (version === 0) throw new Error('Nobody was told.');
  return registry;
}

async function changes(registry: Registry): Promise<number> {
  const start = performance.now();
  await inParallel(operations, callers, (index) => {
    const place = index % servers;
    const url = `http://localhost:${index}/`;
    return registry.dispatch(idOf(place), { kind: 'ready', runId: runOf(place), endpoint: endpointAt(url) });
  });
  return operations / ((performance.now() - start) / 1000);
}

function endpointAt(url: string): Endpoint {
  return { url, listener: 'own', pid: 1, contested: false };
}

async function bareMutex(): Promise<number> {
  const mutex = new Mutex();
  const records = new Map<string, object>();
  for (let index = 0; index < servers; index += 1) records.set(idOf(index), {});
  const start = performance.now();
  await inParallel(operations, callers, (index) =>
    mutex.runExclusive(() => {
      const id = idOf(index % servers);
      records.set(id, { ...records.get(id), url: `http://localhost:${index}/` });
    }),
  );
  return operations / ((performance.now() - start) / 1000);
}

/** Microseconds. */
async function asked(registry: Registry): Promise<number> {
  const start = performance.now();
  for (let count = 0; count < snapshots; count += 1) await registry.snapshot();
  return ((performance.now() - start) / snapshots) * 1000;
}

/** Microseconds that a view needs to go through all servers of a snapshot that nobody has read yet. */
async function readAfterChange(registry: Registry): Promise<number> {
  let total = 0;
  let found = 0;
  for (let count = 0; count < snapshots; count += 1) {
    await registry.dispatch(idOf(count % servers), {
      kind: 'ready',
      runId: runOf(count % servers),
      endpoint: endpointAt(`http://localhost:${count}/read`),
    });
    const start = performance.now();
    for (const { state } of registry.current.servers) if (state.kind === 'ready') found += 1;
    total += performance.now() - start;
  }
  if (found === 0) throw new Error('Nothing was read.');
  return (total / snapshots) * 1000;
}

const idOf = (index: number): string => `server-${index}`;
const runOf = (index: number): string => `run-${index}`;
