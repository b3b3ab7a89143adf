import { Lifecycle } from '../src/core/lifecycle.js';
import type { ProcessEvent, ProcessPort } from '../src/core/ports.js';
import { Registry } from '../src/core/registry.js';
import type { ServerDefinition } from '../src/core/server.js';
import { quantile, rounded } from './measure.js';
import { readyRule } from '../src/core/readiness.js';

const servers = 1000;
const callers = 100;
const log = { info: () => undefined, error: (message: string) => console.error(message) };

/** Processes that start and end at once: what is measured is the registry and its lock alone. */
function instantProcesses(): ProcessPort {
  const listeners: ((event: ProcessEvent) => void)[] = [];
  const tell = (event: ProcessEvent): void => listeners[0]?.(event);
  return {
    start: async ({ runId }) =>
      tell({ kind: 'spawned', runId, process: { pid: 4711, startTime: '1', bootId: 'b' } }),
    stop: () => Promise.resolve({ forced: false, survivors: [], busyPorts: [] }),
    adopt: () => Promise.resolve(),
    onEvent: (listener) => {
      listeners.push(listener);
      return () => undefined;
    },
  };
}

/** The lock of a registry with a thousand servers, while a hundred callers start and stop them and ask for snapshots. */
export async function registryUnderLoad(): Promise<Record<string, unknown>[]> {
  const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  let runs = 0;
  const lifecycle = new Lifecycle({
    registry,
    processes: instantProcesses(),
    readyPolicy: { rule: () => readyRule(undefined, undefined) },
    stopPolicy: { plan: () => ({ signal: 'SIGTERM', graceMs: 0 }) },
    clock: { now: () => Date.now(), tick: () => performance.now() },
    log,
    newRunId: () => `run-${++runs}`,
  });
  await registry.define(Array.from({ length: servers }, (_, index) => definition(index)));
  const begin = performance.now();
  const snapshotMs: number[] = [];
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let round = 0; round < 10; round += 1) {
        const id = `server-${(caller * 10 + round) % servers}`;
        await lifecycle.start(id);
        const asked = performance.now();
        await registry.snapshot();
        snapshotMs.push(performance.now() - asked);
        await lifecycle.stop(id);
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  const { acquisitions, longestHoldMs, p99HoldMs } = registry.lockFigures;
  return [
    {
      servers: servers,
      callers: callers,
      'acquisitions/s': rounded(acquisitions / seconds),
      'hold p99 ms': rounded(p99HoldMs),
      'longest hold ms': rounded(longestHoldMs),
      'snapshot p99 ms, waiting included': rounded(quantile(snapshotMs, 0.99)),
    },
  ];
}

function definition(index: number): ServerDefinition {
  return {
    id: `server-${index}`,
    name: `server-${index}`,
    folder: 'bench',
    subfolder: '',
    command: { kind: 'shell', line: 'true' },
    cwd: '/',
    env: {},
    port: undefined,
    source: 'settings',
  };
}
