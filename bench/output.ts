import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readyRule } from '../src/core/readiness.js';
import { HostClient } from '../src/host/client.js';
import { spawnPty } from '../src/host/pty.js';
import { rounded } from './measure.js';

const seconds = 10;
const mebibyte = 1024 * 1024;
const flood = { file: '/bin/sh', args: ['-c', 'yes "a line of a flood, about as long as lines are"'] };

/** How fast output goes through the process host, beside a terminal whose output is thrown away, in one run. */
export async function outputUnderFlood(): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [{ what: 'thrown away', 'MB/s': rounded(await discarded()) }];
  for (const servers of [1, 10]) rows.push(await kept(servers));
  return rows;
}

async function discarded(): Promise<number> {
  let bytes = 0;
  const pty = spawnPty({
    ...flood,
    cwd: '/',
    env: {},
    onData: (chunk) => {
      bytes += chunk.length;
    },
    onExit: () => undefined,
  });
  await pause(seconds * 1000);
  process.kill(-pty.pid, 'SIGKILL');
  return bytes / seconds / 1e6;
}

/** The same with ring, scan and log. The offsets of the logs tell how much was written. */
async function kept(servers: number): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'dev-servers-bench-'));
  const client = new HostClient({
    hostPath: join(process.cwd(), 'dist/host.js'),
    ledgerFolder: join(folder, 'ledger'),
    logs: { folder: join(folder, 'logs'), maxBytes: () => 10 * mebibyte },
    log: { info: () => undefined, error: (message) => console.error(message) },
  });
  const owners = Array.from({ length: servers }, (_, index) => ({ id: `flood-${index}`, cwd: '/' }));
  for (const { id, cwd } of owners) {
    await client.start({
      runId: client.newRunId(),
      serverId: id,
      command: { kind: 'argv', ...flood },
      cwd,
      env: {},
      port: undefined,
      ready: readyRule(undefined, undefined),
    });
  }
  let peak = 0;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(50))
    peak = Math.max(peak, residentMebibytes(client.pid ?? 0));
  const tails = await Promise.all(owners.map((owner) => client.logs.tail(owner, { lines: 1 })));
  const bytes = tails.reduce((total, tail) => total + (tail?.end ?? 0), 0);
  await client.dispose();
  rmSync(folder, { recursive: true });
  return {
    what: `kept, ${servers} at once`,
    'MB/s': rounded(bytes / seconds / 1e6),
    'peak MiB (RSS)': rounded(peak),
  };
}

/** Linux only. */
function residentMebibytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
