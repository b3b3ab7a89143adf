import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { commands, workspace } from 'vscode';
import type { Internals } from '../../src/extension.js';
import { until } from '../support/processes.js';
import { activeApi, stateOf, stopAll } from './support/servers.js';

const flood = 'workspace:flood';
const measuredMs = 1500;
const measurements = 3;

/** What the extension host may lag at the 99th percentile, milliseconds. */
const mostHidden = 20;
const mostShown = 50;

describe('a server that writes as fast as its terminal carries it', function () {
  this.timeout(30_000);
  let api: Internals;
  before(async () => {
    api = await activeApi();
    const configuration = workspace.getConfiguration('devServers');
    await configuration.update('servers', [{ id: 'flood', command: 'yes "a line of a flood"' }], false);
    await commands.executeCommand('devServers.refresh');
  });
  afterEach(() => stopAll(api));
  after(async () => {
    const configuration = workspace.getConfiguration('devServers');
    await configuration.update('servers', undefined, false);
    await configuration.update('showTerminalOnStart', undefined, false);
    await commands.executeCommand('devServers.refresh');
  });

  it('leaves the editor responsive while its log is shown', async () => {
    await workspace.getConfiguration('devServers').update('showTerminalOnStart', false, false);
    const busy = await lagBesideOthers();
    await commands.executeCommand('devServers.start', flood);
    await stateOf(api, flood, 'starting');
    await commands.executeCommand('devServers.showServerLog', flood);
    const flooded = await lagP99();
    await commands.executeCommand('workbench.action.closeAllEditors');
    console.log(
      `      lag p99: ${flooded.toFixed(1)} ms with the log, ${busy.toFixed(1)} ms beside other programs`,
    );
    assert.ok(flooded < mostShown + busy, `${flooded} ms, and ${busy} ms beside other programs`);
  });

  for (const [isShown, most] of [
    [false, mostHidden],
    [true, mostShown],
  ] as const) {
    it(`leaves the editor responsive while its terminal is ${isShown ? 'shown' : 'hidden'}`, async () => {
      const configuration = workspace.getConfiguration('devServers');
      await configuration.update('showTerminalOnStart', isShown, false);
      const busy = await lagBesideOthers();
      await commands.executeCommand('devServers.start', flood);
      await stateOf(api, flood, 'starting');
      const flooded = await lagP99();
      console.log(
        `      lag p99: ${flooded.toFixed(1)} ms during the flood, ${busy.toFixed(1)} ms beside other programs`,
      );
      assert.ok(flooded < most + busy, `${flooded} ms, and ${busy} ms beside other programs`);
      const owner = api.registry.get(flood).definition;
      await until('the log', async () => {
        const tail = await api.processes.logs.tail(owner, { lines: 3 });
        return tail?.text.startsWith('a line of a flood\na line of a flood\n') === true;
      });
    });
  }
});

/**
 * The lag while two programs that have nothing to do with us keep the machine as busy as a flood does, which is one that
 * writes and one that reads.
 */
async function lagBesideOthers(): Promise<number> {
  const others = [0, 1].map(() => spawn('sh', ['-c', 'exec yes > /dev/null'], { stdio: 'ignore' }));
  try {
    return await lagP99();
  } finally {
    for (const other of others) {
      const ended = new Promise((resolve) => other.once('exit', resolve));
      other.kill('SIGKILL');
      await ended;
    }
  }
}

/** The least of some measurements: what a flood costs is in all of them, and what another program costs is not. */
async function lagP99(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < measurements; count += 1) least = Math.min(least, await measuredP99());
  return least;
}

/** The 99th percentile of the time by which this process's timers are late, milliseconds. */
async function measuredP99(): Promise<number> {
  const resolution = 5;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  await new Promise((resolve) => setTimeout(resolve, measuredMs));
  histogram.disable();
  // What it records includes the pause between two looks.
  return histogram.percentile(99) / 1e6 - resolution;
}
