import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { ProcessQueries } from '../../src/host/platform/windowsProcesses.js';
import { freePort } from '../support/processes.js';
import { nodeCommand, WindowsHost } from './support/windowsHost.js';

let host: WindowsHost;

beforeEach(() => {
  host = new WindowsHost();
});

afterEach(async () => {
  await host.end();
});

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function measure(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

describe('the processes on Windows', () => {
  it('are listed by one PowerShell, however often, and by another one after its end', async () => {
    const queries = new ProcessQueries();
    const first = await measure(() => queries.rows());
    const later: number[] = [];
    for (let count = 0; count < 10; count += 1) later.push(await measure(() => queries.rows([process.pid])));
    console.log(
      `list ${Math.round(first)} ms with the start of PowerShell, then ${median(later).toFixed(1)} ms`,
    );
    const rows = await queries.rows();
    const own = rows.filter(
      ([, parent, , name]) => parent === String(process.pid) && /^powershell/i.test(name),
    );
    assert.equal(own.length, 1);
    queries.end();
    assert.equal((await queries.rows([process.pid])).length, 1);
    queries.end();
  });

  it('are refused with words where PowerShell cannot be started', async () => {
    const queries = new ProcessQueries('C:\\missing\\powershell.exe');
    await assert.rejects(queries.rows(), /cannot be listed by PowerShell: .*ENOENT/);
  });
});

describe('a start and a stop on Windows', () => {
  it('cost little beside the process itself', async () => {
    const starts: number[] = [];
    const stops: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const port = await freePort();
      let runId = '';
      starts.push(
        await measure(async () => {
          runId = await host.start(nodeCommand('server.mjs', String(port)), { serverId: `s${count}`, port });
        }),
      );
      await host.event(runId, 'ready');
      stops.push(await measure(() => host.stop(runId)));
    }
    const bare: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      bare.push(
        await measure(async () => {
          await once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'exit');
        }),
      );
    }
    const rounded = [starts, stops, bare].map((each) => each.map(Math.round).join(' '));
    console.log(`starts ${rounded[0]} ms, stops ${rounded[1]} ms, an empty Node ${rounded[2]} ms`);
    assert.ok(median(starts.slice(1)) < 5000, rounded[0]);
  });
});
