import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { peerScript, type Setup } from './setup.js';
import type { Machine, PartRecord, PartResult } from './result.js';

const peers = ['concurrently', 'mprocs', 'npm-run-all2', 'pid-port', 'pm2'];

/** Measures a part and adds the time, the duration and the machine to its result. */
export async function record(setup: Setup, measure: () => Promise<PartResult>): Promise<PartRecord> {
  const [load = 0] = loadavg();
  const start = performance.now();
  const result = await measure();
  return {
    ...result,
    measuredAt: new Date().toISOString(),
    seconds: Math.round((performance.now() - start) / 1000),
    load: Number(load.toFixed(1)),
    isQuick: setup.isQuick,
    machine: describeMachine(setup),
  };
}

function describeMachine(setup: Setup): Machine {
  const own = ['async-mutex', 'node-pty', 'tree-kill'].map(
    (name) => [name, versionIn(join('node_modules', name))] as const,
  );
  const others = peers.map((name) => [name, versionIn(peerScript(setup, name))] as const);
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    node: process.version,
    versions: Object.fromEntries([...own, ...others]),
  };
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}
