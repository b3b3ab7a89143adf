import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn as spawnPty } from 'node-pty';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { WindowsConsole } from '../../src/host/launch/windowsConsole.js';
import { queries, windows } from '../../src/host/platform/windows.js';
import { ProcessQueries, type ProcessRow } from '../../src/host/platform/windowsProcesses.js';
import { freePort, isAlive } from '../support/processes.js';
import { nodeCommand, WindowsHost } from './support/windowsHost.js';

let host: WindowsHost;

beforeEach(() => {
  host = new WindowsHost();
});

afterEach(async () => {
  await host.end();
});

/** Returns the time in milliseconds that is needed when nothing else holds it up, as other work on the machine does. */
const shortest = (values: readonly number[]): number => Math.min(...values);

async function measure(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

describe('the processes on Windows', () => {
  it('are listed by one PowerShell, however often, and by another one after its end', async () => {
    const list = new ProcessQueries();
    const first = await measure(() => list.rows());
    const later: number[] = [];
    for (let count = 0; count < 10; count += 1) later.push(await measure(() => list.rows([process.pid])));
    console.log(
      `list ${Math.round(first)} ms with the start of PowerShell, then ${shortest(later).toFixed(1)} ms`,
    );
    const isOwnPowerShell = ([, parent, , name]: ProcessRow): boolean =>
      parent === String(process.pid) && /^powershell/i.test(name);
    assert.equal((await list.rows()).filter(isOwnPowerShell).length, 1);
    list.end();
    list.prepare();
    assert.equal((await list.rows([process.pid])).length, 1);
    assert.equal((await list.rows()).filter(isOwnPowerShell).length, 1);
    list.end();
  });

  it('cannot be listed without PowerShell, with a message', async () => {
    const list = new ProcessQueries('C:\\missing\\powershell.exe');
    await assert.rejects(list.rows(), /cannot be listed by C:\\missing\\powershell.exe: .*ENOENT/);
  });
});

/** Rounds of the measurement, each with a start, a stop and what they are compared with. */
const rounds = 5;

/** Interval at which the end of a program is looked for, milliseconds. */
const pollMs = 2;

/** Maximum time of a start, as a multiple of that of node-pty alone. */
const maxStartRatio = 1.5;

/** Maximum time between the end of a program and that of its stop, on a machine that does nothing else, milliseconds. */
const maxStopMs = 300;

/** Processor time by which `waiting` measures, milliseconds; Wine counts it in steps of 10. */
const sampleMs = 200;

/** Returns how many times longer work takes than the processor needs for it, since other work has the processor: 1 if none. */
function waiting(): number {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  let usedMs = 0;
  while (usedMs < sampleMs) {
    const { user, system } = process.cpuUsage(before);
    usedMs = (user + system) / 1000;
  }
  return Math.max(1, (performance.now() - startedAt) / usedMs);
}

/** Starts a program by node-pty alone. Resolves when it has been created, with a function that ends it. */
async function bareSpawn(args: readonly string[]): Promise<() => Promise<void>> {
  const from = Date.now();
  const pty = spawnPty(process.execPath, [...args], { cols: 120, rows: 30 });
  const console = new WindowsConsole(pty, process.execPath, [from, Date.now()]);
  const ended = new Promise((resolve) => pty.onExit(resolve));
  const pid = await console.created;
  return async () => {
    process.kill(pid);
    await ended;
    console.dispose();
    await windows.endConsoles([]);
    queries.end();
  };
}

describe('a start and a stop on Windows', () => {
  it('take little more than the process itself', async () => {
    const starts: number[] = [];
    const bare: number[] = [];
    const stops: number[] = [];
    const undisturbed: number[] = [];
    const lists: number[] = [];
    for (let count = 0; count < rounds; count += 1) {
      let endBare = (): Promise<void> => Promise.resolve();
      bare.push(await measure(async () => (endBare = await bareSpawn(['-e', 'setInterval(() => 0, 1000)']))));
      await endBare();
      const port = await freePort();
      let runId = '';
      starts.push(
        await measure(async () => {
          runId = await host.start(nodeCommand('server.mjs', String(port)), {
            serverId: `s${count}`,
            port,
          });
        }),
      );
      const { process: root } = await host.event(runId, 'spawned');
      await host.event(runId, 'ready');
      const before = waiting();
      const stopped = host.stop(runId);
      while (isAlive(root.pid)) await sleep(pollMs);
      const stopMs = await measure(() => stopped);
      stops.push(stopMs);
      undisturbed.push((2 * stopMs) / (before + waiting()));
      lists.push(await measure(async () => [await windows.list(), await windows.listeners()]));
      queries.end();
    }
    const text = ([name, values]: readonly [string, number[]]): string =>
      `${name} ${values.map(Math.round).join(' ')}`;
    // The first start includes that of the process host and of PowerShell.
    const [first = 0, ...later] = starts;
    const measured = Object.entries({
      'spawns by node-pty': bare,
      starts: later,
      'stops after the end': stops,
      'without the waiting for the processor': undisturbed,
      'lists of processes and sockets': lists,
    });
    console.log(`first start ${Math.round(first)}, ${measured.map(text).join(', ')} ms`);
    const startRatio = shortest(later) / shortest(bare);
    assert.ok(startRatio <= maxStartRatio, `a start takes ${startRatio.toFixed(2)} times the spawn`);
    const stopMs = shortest(undisturbed);
    assert.ok(stopMs <= maxStopMs, `a stop takes ${stopMs.toFixed()} ms more than the end of the program`);
  });
});
