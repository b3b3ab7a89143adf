import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, describe, it, vi } from 'vitest';
import type { Platform } from '../../../src/host/platform/platform.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { isTarget, signalGroup, signalTree } from '../../../src/host/platform/posixSignals.js';
import type { ProcessEntry, TreeRoot } from '../../../src/host/system/processes.js';
import { SharedQuery } from '../../../src/host/system/sharedQuery.js';
import { terminateTree } from '../../../src/host/processTree/terminate.js';
import { isAlive, until } from '../../support/processes.js';
import { skipUnlessPidsCanBeChosen, spawnWithPid } from '../support/recycledPid.js';
import { fixture } from '../support/testHost.js';

const system = currentPlatform();

describe('a pid that the system has given to another process', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  /** Starts a server that ignores all signals but SIGKILL, and returns it as the record of a dead window has it. */
  async function makeServer(): Promise<{ child: ChildProcess; root: TreeRoot }> {
    const name = randomUUID();
    const child = spawn(process.execPath, [fixture('tree.mjs'), 'ignores signals'], {
      env: { DEV_SERVER_REGISTRY_ID: name },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    children.push(child);
    await once(child.stdout, 'data');
    return { child, root: { name, process: await system.identify(child.pid ?? 0), parent: 0 } };
  }
  const stop = (root: TreeRoot, graceMs: number, platform: Platform = system) =>
    terminateTree({
      root,
      signal: 'SIGTERM',
      graceMs,
      platform,
      table: new SharedQuery(() => system.list()),
      isCollected: () => true,
    }).report;

  /**
   * Waits until no process can get the same start time, on systems where start times are in whole seconds and may lag
   * by one.
   */
  const untilAnotherStartTime = ({ process: server }: TreeRoot): Promise<void> =>
    until('another second', () => {
      const startedAt = system.startedAt(server?.startTime ?? '') ?? 0;
      return !system.hidesEnvironments || Date.now() - startedAt > 2000;
    });

  it('is not signalled when it was given away before the stop', async (context) => {
    skipUnlessPidsCanBeChosen(context);
    const { child, root } = await makeServer();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await untilAnotherStartTime(root);
    const unrelated = spawnWithPid(context, child.pid ?? 0);
    children.push(unrelated);
    assert.deepEqual(await stop(root, 100), { found: false, forced: false, survivors: [], kept: [] });
    assert.equal(isAlive(unrelated.pid ?? 0), true);
  });

  it('is not signalled when it is given away between the polite signal and SIGKILL', async (context) => {
    skipUnlessPidsCanBeChosen(context);
    const { child, root } = await makeServer();
    let isSignalled = false;
    const signal: Platform['signal'] = async (...args) => {
      await system.signal(...args);
      isSignalled = true;
    };
    // Ends with the process, long before the grace period does.
    const stopping = stop(root, 60_000, { ...system, signal });
    await until('the polite signal', () => isSignalled);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await untilAnotherStartTime(root);
    const unrelated = spawnWithPid(context, child.pid ?? 0);
    children.push(unrelated);
    assert.deepEqual(await stopping, { found: true, forced: false, survivors: [], kept: [] });
    assert.equal(isAlive(unrelated.pid ?? 0), true);
  });

  /** Starts a process, and returns it with the stale entry of a server that had its pid before. */
  function makeReusedPid(): { pid: number; stale: ProcessEntry; root: TreeRoot } {
    const unrelated = spawn(process.execPath, [fixture('tree.mjs'), 'plain'], {
      stdio: 'ignore',
      detached: true,
    });
    children.push(unrelated);
    const pid = unrelated.pid ?? 0;
    return {
      pid,
      stale: { pid, parent: 1, group: pid, session: pid, startTime: '1', marker: 'r', command: 'server' },
      root: { name: 'r', process: { pid, startTime: '1', bootId: '' }, parent: 0 },
    };
  }

  it('is not signalled when it is given away between the scan and the signal', () => {
    const { pid, stale, root } = makeReusedPid();
    const asked: number[] = [];
    signalTree(root, [stale], 'SIGKILL', (each) => {
      asked.push(each.pid);
      return false;
    });
    assert.deepEqual([isAlive(pid), asked.length > 0], [true, true]);
  });

  it('is checked by the platform itself right before a signal', async () => {
    const { pid, stale, root } = makeReusedPid();
    await system.signal(root, [stale], 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(isAlive(pid), true);
  });

  it('gets no signal that follows one that has ended the process', () => {
    const sent: unknown[] = [];
    const kill = vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
      sent.push([pid, signal]);
      return true;
    });
    const entry = {
      pid: 4711,
      parent: 1,
      group: 7,
      session: 7,
      startTime: '1',
      marker: 'r',
      command: 'server',
    };
    const root = { name: 'r', process: { pid: 7, startTime: '1', bootId: '' }, parent: 0 };
    signalTree(root, [entry], 'SIGTERM', () => true);
    signalGroup(root, 'SIGINT');
    signalTree(root, [entry], 'SIGKILL', () => true);
    kill.mockRestore();
    assert.deepEqual(sent, [
      [4711, 'SIGCONT'],
      [4711, 'SIGTERM'],
      [-7, 'SIGCONT'],
      [-7, 'SIGINT'],
      [-7, 'SIGKILL'],
    ]);
  });

  it('is never that of the system, of all processes or of a group of these', () => {
    const targets = [0, -0, 1, -1, Number.NaN, 1.5, 2, -2, 4711, -4711];
    assert.deepEqual(targets.filter(isTarget), [2, -2, 4711, -4711]);
  });
});

describe('a tree without information from the process table', () => {
  const brokenLists = {
    'the tool is missing': () => Promise.reject(new Error('ps: not found')),
    'the tool hangs': () => new Promise<never>(() => undefined),
  };
  for (const [why, broken] of Object.entries(brokenLists)) {
    it(`since ${why} is stopped by its group, and a stop does not hang`, async () => {
      const child = spawn('/bin/sleep', ['1000'], { stdio: 'ignore', detached: true });
      const root = { name: 'r', process: await system.identify(child.pid ?? 0), parent: process.pid };
      const report = await terminateTree({
        root,
        signal: 'SIGTERM',
        graceMs: 500,
        platform: { ...system, list: broken },
        table: new SharedQuery(broken, { limitMs: 100 }),
        isCollected: () => child.signalCode !== null,
      }).report;
      assert.deepEqual(report, { found: false, forced: false, survivors: [], kept: [] });
      await until('the end', () => !isAlive(child.pid ?? 0));
    });
  }
});

describe('a tree of which one scan misses a process', () => {
  it('is not reported as dead', async () => {
    const child = spawn('/bin/sleep', ['1000'], { stdio: 'ignore', detached: true });
    const root = { name: 'r', process: await system.identify(child.pid ?? 0), parent: process.pid };
    // The first scan misses it, as it would a process that is created while the table is read; the second finds it.
    let scans = 0;
    const list = () => (++scans === 1 ? Promise.resolve([]) : system.list());
    const report = await terminateTree({
      root,
      signal: 'SIGTERM',
      graceMs: 2000,
      // As for a process that has left the group of the root.
      platform: { ...system, list, groupExists: () => false },
      table: new SharedQuery(list),
      isCollected: () => true,
    }).report;
    const wasAlive = isAlive(child.pid ?? 0);
    child.kill('SIGKILL');
    assert.deepEqual([report, wasAlive], [{ found: true, forced: false, survivors: [], kept: [] }, false]);
  });
});

describe('a tree whose processes take seconds to list', () => {
  it('is killed, and reported as alive only if that failed', async () => {
    const child = spawn('/bin/sleep', ['1000'], { stdio: 'ignore', detached: true });
    const exited = once(child, 'exit');
    const root = { name: 'r', process: await system.identify(child.pid ?? 0), parent: process.pid };
    // Longer than SIGKILL is repeated.
    const list = async () => {
      const entries = await system.list();
      await new Promise((resolve) => setTimeout(resolve, 3100));
      return entries;
    };
    const report = await terminateTree({
      root,
      signal: 'SIGTERM',
      graceMs: 0,
      platform: { ...system, list },
      table: new SharedQuery(list, { effort: () => 0 }),
      isCollected: () => true,
    }).report;
    assert.deepEqual(report, { found: true, forced: true, survivors: [], kept: [] });
    await exited;
  });
});

describe('a process of another user', () => {
  it('is identified by its start time alone, and does not get a signal', async (context) => {
    const { getuid, seteuid } = process;
    if (getuid?.() !== 0 || !seteuid) return context.skip('only root can act as another user');
    if (system.hidesEnvironments) return context.skip('the tools of this system run as the real user');
    const child = spawn('/bin/sleep', ['1000'], { stdio: 'ignore', detached: true, uid: 12_345 });
    const pid = child.pid ?? 0;
    const own = await system.identify(pid);
    seteuid(65_534);
    try {
      assert.throws(() => process.kill(pid, 0), { code: 'EPERM' });
      assert.deepEqual(await system.identify(pid), own);
      const entry = (await system.list()).find((each) => each.pid === pid);
      assert.ok(entry);
      assert.equal(entry.marker, undefined);
      await system.signal({ name: 'r', process: own, parent: 0 }, [entry], 'SIGKILL');
    } finally {
      seteuid(0);
    }
    assert.equal(isAlive(pid), true);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});
