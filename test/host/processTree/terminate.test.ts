import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import type { Platform } from '../../../src/host/platform/platform.js';
import type { ProcessEntry } from '../../../src/host/system/processes.js';
import { SharedQuery } from '../../../src/host/system/sharedQuery.js';
import { terminateTree } from '../../../src/host/processTree/terminate.js';
import { fixture } from '../support/testHost.js';

const system = currentPlatform();

describe('the stop of a tree', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-stop-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Stops a server that counts its signals; resolves with the count and whether SIGKILL was needed. */
  async function stopCounting(changes: Partial<Platform>): Promise<unknown[]> {
    const name = randomUUID();
    const file = join(folder, 'asked');
    const child = spawn(
      process.execPath,
      [fixture('tree.mjs'), 'counts how often it is asked to end', file],
      { env: { DEV_SERVER_REGISTRY_ID: name }, stdio: ['ignore', 'pipe', 'ignore'], detached: true },
    );
    await once(child.stdout, 'data');
    const exited = once(child, 'exit');
    const report = await terminateTree({
      root: { name, process: await system.identify(child.pid ?? 0), parent: process.pid },
      signal: 'SIGTERM',
      graceMs: 5000,
      platform: { ...system, ...changes },
      table: new SharedQuery(() => system.list()),
      isCollected: () => child.exitCode !== null || child.signalCode !== null,
    }).report;
    await exited;
    return [readFileSync(file, 'utf8'), report.forced];
  }

  it('sends no second signal to a process that got it with its group', async () => {
    assert.deepEqual(await stopCounting({}), ['1', false]);
  });

  it('sends no second signal if the start time is too coarse to show that a process is older than the signal', async () => {
    const coarse = { childrenOf: () => undefined, isOlderThan: () => false };
    assert.deepEqual(await stopCounting(coarse), ['1', false]);
  });

  it('scans again a moment after an empty scan, for a process that was just executing its program', async () => {
    const late = { pid: 2 ** 22 + 8, parent: 1, group: 1, session: 1, startTime: '9', command: 'late' };
    let environment = '';
    let alive = true;
    // Answers at once, so that nothing could happen between two scans without the pause.
    const table = new (class extends SharedQuery<ProcessEntry> {
      override get(): Promise<readonly ProcessEntry[]> {
        setTimeout(() => (environment = 'run-1'), 1);
        return Promise.resolve(alive ? [{ ...late, marker: environment }] : []);
      }
    })(() => Promise.resolve([]));
    const report = await terminateTree({
      root: { name: 'run-1', process: undefined, parent: process.pid },
      signal: 'SIGTERM',
      graceMs: 5000,
      platform: {
        ...system,
        signal: (_, members) => {
          alive = members.length === 0;
          return Promise.resolve();
        },
      },
      table,
      isCollected: () => true,
    }).report;
    assert.deepEqual([report.found, alive], [true, false]);
  });

  it('signals each process when the group could not be signalled', async () => {
    assert.deepEqual(await stopCounting({ signalUncollected: () => Promise.resolve(false) }), ['1', false]);
  });
});
