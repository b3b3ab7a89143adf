import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import type { RunId } from '../../../src/core/server/state.js';
import { terminateOrphans } from '../../../src/host/ledger/orphans.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { isAlive, killAll, pidsWith, until } from '../../support/processes.js';
import { startBareWindow } from '../support/bareWindow.js';
import { fixture, TestHost } from '../support/testHost.js';

/** Time within which the user must be notified that the process host does not respond, milliseconds. */
const maxNoticeMs = 5000;

describe.skipIf(process.platform === 'win32').concurrent('a process host that does not respond', () => {
  const startServer = (host: TestHost) => host.node(fixture('tree.mjs'), 'ignores signals');
  const pidOf = ({ client }: TestHost): number => client.pid ?? assert.fail('there is no process host');
  const whenSilent = ({ responses }: TestHost) =>
    until('the silence is noticed', () => responses.includes(false));

  /** Starts a server, and stops its process host. */
  const frozen = async (): Promise<{ host: TestHost; run: RunId }> => {
    const host = new TestHost();
    const run = await startServer(host);
    await host.event(run, 'spawned');
    process.kill(pidOf(host), 'SIGSTOP');
    return { host, run };
  };

  it('is detected within five seconds, and killed with its servers if the user asks for that', async () => {
    const { host, run } = await frozen();
    const frozenAt = performance.now();
    await whenSilent(host);
    const noticedMs = performance.now() - frozenAt;
    const hostPid = pidOf(host);
    await host.client.endUnresponsive();
    assert.deepEqual([pidsWith(run), isAlive(hostPid)], [[], false]);
    assert.equal(host.events.at(-1)?.kind, 'hostLost');
    // If the machine gives this process no time, it detects this late.
    assert.ok(noticedMs < maxNoticeMs * 2, `noticed after ${noticedMs} ms`);
    await host.end();
  });

  it('carries out a stop when it responds again, and is left alone then', async () => {
    const { host, run } = await frozen();
    await whenSilent(host);
    const stop = host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 0 });
    process.kill(pidOf(host), 'SIGCONT');
    assert.deepEqual((await stop).survivors, []);
    await host.client.endUnresponsive();
    assert.deepEqual(host.responses, [false, true]);
    assert.equal(isAlive(pidOf(host)), true);
    await host.end();
  });

  it('gives up calls with a clear error, and starts nothing later that was given up', async () => {
    const { host, run } = await frozen();
    const calls = await Promise.allSettled([
      host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 0 }),
      startServer(host),
      host.client.inspectPort(9),
    ]);
    assert.deepEqual(
      calls.map((call) => call.status === 'rejected' && (call.reason as { reason?: string }).reason),
      ['hostFrozen', 'hostFrozen', 'hostFrozen'],
    );
    process.kill(pidOf(host), 'SIGCONT');
    // It handles messages in their order, so it has received the start when it responds to this one.
    await host.client.inspectPort(9);
    const eventsOfStart = (kind: string): number =>
      host.events.filter(
        (event) => event.kind === kind && 'runId' in event && event.runId === host.runs.at(-1),
      ).length;
    // The start is canceled, unless its process exists already.
    await until('the start is over', () => eventsOfStart('spawned') === eventsOfStart('ended'));
    await until('everything is stopped', () => host.runs.every((each) => pidsWith(each).length === 0));
    await host.end();
  });

  it('is killed when the window closes, and its servers end', async () => {
    const { host, run } = await frozen();
    await whenSilent(host);
    const hostPid = pidOf(host);
    await host.client.dispose();
    assert.deepEqual([pidsWith(run), isAlive(hostPid)], [[], false]);
    await host.end();
  });
});

describe
  .skipIf(process.platform === 'win32')
  .concurrent('a process host that answers signs of life but no request', () => {
    /**
     * Starts a server, and lets its process host answer no further request. Requests are given up soon while none is
     * answered; before and after, a busy machine may need its time.
     */
    const stuck = async (): Promise<{ host: TestHost; run: RunId; toggle: () => void }> => {
      let isStuck = false;
      const maxAnswerMs = () => (isStuck ? 2000 : undefined);
      const host = new TestHost({ hostPath: fixture('stuckHost.mjs'), maxAnswerMs });
      const run = await host.node(fixture('tree.mjs'), 'ignores signals');
      await host.event(run, 'spawned');
      const toggle = () => {
        isStuck = !isStuck;
        host.client.input('stuck', '');
      };
      toggle();
      return { host, run, toggle };
    };
    const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
      call.then(
        () => 'answered',
        ({ reason }: { reason?: string }) => reason,
      );
    const stop = (host: TestHost, runId: RunId, graceMs = 0) =>
      host.client.stop({ runId, signal: 'SIGTERM', graceMs });

    it('is detected by its calls, and killed with its servers if the user asks for that', async () => {
      const { host, run } = await stuck();
      assert.deepEqual(
        await Promise.all(
          [stop(host, run), host.node(fixture('tree.mjs'), 'plain'), host.client.inspectPort(9)].map(
            reasonOf,
          ),
        ),
        ['hostFrozen', 'hostFrozen', 'hostFrozen'],
      );
      assert.deepEqual(host.responses, [false]);
      const { pid = 0 } = host.client;
      await host.client.endUnresponsive();
      assert.deepEqual([pidsWith(run), isAlive(pid)], [[], false]);
      await host.end();
    });

    it('counts as responding when the answer comes late, and starts nothing that was given up', async () => {
      const { host, run, toggle } = await stuck();
      const late = host.node(fixture('tree.mjs'), 'plain');
      assert.equal(await reasonOf(late), 'hostFrozen');
      toggle();
      await until('it responds', () => host.responses.at(-1) === true);
      assert.deepEqual(host.responses, [false, true]);
      await until('nothing of the late start runs', () => pidsWith(host.runs.at(-1) ?? '').length === 0);
      assert.deepEqual((await stop(host, run)).survivors, []);
      await host.end();
    });

    it('is not given up while a stop has its own time', async () => {
      const { host, run, toggle } = await stuck();
      const stopped = stop(host, run, 600_000);
      assert.equal(await reasonOf(host.client.inspectPort(9)), 'hostFrozen');
      toggle();
      await stop(host, run);
      assert.deepEqual((await stopped).survivors, []);
      await host.end();
    });
  });

describe.skipIf(process.platform === 'win32').concurrent('without a next window', () => {
  it('a process host that does not respond ends with its servers when its window is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
    const windowId = randomUUID();
    const window = await startBareWindow(folder, windowId, [fixture('tree.mjs'), 'ignores signals']);
    const { hostPid } = window;
    try {
      await until('the server runs', () => pidsWith(`${windowId}-1`).length > 1);
      process.kill(hostPid, 'SIGSTOP');
      await window.kill();
      await until(
        'the end of all',
        () => pidsWith(windowId).length === 0 && readdirSync(folder).length === 0,
      );
      assert.equal(isAlive(hostPid), false);
    } finally {
      killAll([...window.pids, ...pidsWith(windowId)]);
      rmSync(folder, { recursive: true });
    }
  });
});

describe.skipIf(process.platform === 'win32').concurrent('the next window', () => {
  it('ends a process host that does not respond, and its servers, but none of a window that lives', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
    const orphanDeps = {
      folder,
      platform: currentPlatform(),
      log: { info: () => undefined, error: () => undefined },
    };
    const windowId = randomUUID();
    const window = await startBareWindow(folder, windowId, [fixture('tree.mjs'), 'ignores signals']);
    const { hostPid } = window;
    try {
      await until('the server runs', () => pidsWith(`${windowId}-1`).length > 1);
      process.kill(hostPid, 'SIGSTOP');
      assert.deepEqual((await terminateOrphans(orphanDeps)).ended, []);
      assert.equal(isAlive(hostPid), true);
      // Its watchdog would stop the server, too, and could be faster.
      const children = (await orphanDeps.platform.list()).filter(({ parent }) => parent === hostPid);
      const server = pidsWith(`${windowId}-1`);
      killAll(children.map(({ pid }) => pid).filter((pid) => !server.includes(pid)));
      await window.kill();
      assert.deepEqual((await terminateOrphans(orphanDeps)).ended, ['web']);
      assert.deepEqual([pidsWith(windowId), isAlive(hostPid), readdirSync(folder)], [[], false, []]);
    } finally {
      killAll([...window.pids, ...pidsWith(windowId)]);
      rmSync(folder, { recursive: true });
    }
  });
});
