// Measures the process host beside the same work done by hand, in one run: times only mean something as ratios.
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { HostClient } from '../src/host/client.js';
import { spawnPty } from '../src/host/pty.js';
import { discoveryOfMonorepo } from './discovery.js';
import { outputUnderFlood } from './output.js';
import { registryUnderLoad } from './registry.js';
import { scannerThroughput } from './scanner.js';
import { memoryOf, quantile, rounded, timed } from './measure.js';
import { readyRule } from '../src/core/readiness.js';

const rounds = 100;
const counts = [0, 1, 10, 50];
const idle = { file: '/bin/sleep', args: ['1000'] };

/** What can be measured, by the name that picks it on the command line. */
const parts: Readonly<Record<string, () => Promise<void>>> = {
  host: async () => {
    const client = new HostClient({
      hostPath: join(process.cwd(), 'dist/host.js'),
      ledgerFolder: join(process.cwd(), 'out/bench/ledger'),
      log: { info: () => undefined, error: (message) => console.error(message) },
    });
    await stop(client, await start(client));
    console.table(await startAndStop(client));
    console.table(await memory(client));
    await client.dispose();
  },
  registry: async () => console.table(await registryUnderLoad()),
  output: async () => console.table(await outputUnderFlood()),
  scanner: async () => console.table(scannerThroughput()),
  discovery: async () => console.table(await discoveryOfMonorepo()),
};

async function main(picked: readonly string[]): Promise<void> {
  for (const name of picked.length > 0 ? picked : Object.keys(parts)) {
    const part = parts[name];
    if (part === undefined) throw new Error(`There is ${Object.keys(parts).join(', ')}, but no ${name}.`);
    await part();
  }
}

/** From the call to the known pid, and from the stop to the verified death, with a process host that runs. */
async function startAndStop(client: HostClient): Promise<Record<string, unknown>[]> {
  const times = {
    'by hand, start': [0],
    'process host, start': [0],
    'by hand, stop': [0],
    'process host, stop': [0],
  };
  for (const list of Object.values(times)) list.pop();
  for (let round = 0; round < rounds; round += 1) {
    const { ended, pid, milliseconds } = await startByHand();
    times['by hand, start'].push(milliseconds);
    times['by hand, stop'].push(
      await timed(async () => {
        process.kill(-pid, 'SIGTERM');
        await ended;
      }),
    );
    const run = randomUUID();
    times['process host, start'].push(await timed(() => start(client, run)));
    times['process host, stop'].push(await timed(() => stop(client, run)));
  }
  return Object.entries(times).map(([what, values]) => ({
    what,
    'median ms': rounded(quantile(values, 0.5)),
    'p95 ms': rounded(quantile(values, 0.95)),
  }));
}

async function startByHand(): Promise<{ pid: number; ended: Promise<unknown>; milliseconds: number }> {
  const events = new EventTarget();
  const begin = performance.now();
  const { pid } = spawnPty({
    ...idle,
    cwd: '/',
    env: {},
    onData: () => undefined,
    onExit: () => events.dispatchEvent(new Event('exit')),
  });
  const milliseconds = performance.now() - begin;
  const ended = once(events, 'exit');
  // The child must have become the program before it can be ended like one.
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { pid, ended, milliseconds };
}

/** What the process host weighs with so many servers that rest. */
async function memory(client: HostClient): Promise<Record<string, unknown>[]> {
  const rows = [];
  const runs: string[] = [];
  for (const count of counts) {
    while (runs.length < count) runs.push(await start(client));
    await new Promise((resolve) => setTimeout(resolve, 500));
    rows.push({ servers: count, 'MiB (PSS)': rounded(memoryOf(client.pid ?? 0)) });
  }
  const all = await timed(() => Promise.all(runs.map((run) => stop(client, run))));
  rows.push({
    servers: `stop all ${runs.length}: ${rounded(all)} ms`,
    'MiB (PSS)': rounded(memoryOf(client.pid ?? 0)),
  });
  return rows;
}

async function start(client: HostClient, runId: string = randomUUID()): Promise<string> {
  const command = { kind: 'argv', ...idle } as const;
  const ready = readyRule(undefined, undefined);
  await client.start({ runId, serverId: 'bench', command, cwd: '/', env: {}, port: undefined, ready });
  return runId;
}

async function stop(client: HostClient, runId: string): Promise<void> {
  await client.stop({ runId, signal: 'SIGTERM', graceMs: 2000 });
  client.forget(runId);
}

await main(process.argv.slice(2));
