import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import type { RunId } from '../../../src/core/server/state.js';
import { terminateOrphans } from '../../../src/host/ledger/orphans.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { isAlive, killAll, pidsWith, until } from '../../support/processes.js';
import { fixture, hostPath, TestHost } from '../support/testHost.js';

/** Time within which the user learns that the process host does not respond, milliseconds. */
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

  it('is noticed within five seconds, and ended with its servers when the user asks for that', async () => {
    const { host, run } = await frozen();
    const frozenAt = performance.now();
    await whenSilent(host);
    const noticedMs = performance.now() - frozenAt;
    const hostPid = pidOf(host);
    await host.client.endUnresponsive();
    assert.deepEqual([pidsWith(run), isAlive(hostPid)], [[], false]);
    assert.equal(host.events.at(-1)?.kind, 'hostLost');
    // A machine that gives this process no time notices late.
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
    await until('everything is stopped', () => host.runs.every((each) => pidsWith(each).length === 0));
    await host.event(host.runs.at(-1) ?? '', 'ended');
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

describe.skipIf(process.platform === 'win32').concurrent('the next window', () => {
  it('ends a process host that does not respond, and its servers, but none of a window that lives', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
    const orphanDeps = {
      folder,
      platform: currentPlatform(),
      log: { info: () => undefined, error: () => undefined },
    };
    const window = spawn(
      process.execPath,
      ['--input-type=module', '-e', windowScript, hostPath, folder, fixture('tree.mjs')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [text] = (await once(window.stdout.setEncoding('utf8'), 'data')) as [string];
    const hostPid = Number(text.trim());
    const marker =
      readdirSync(folder)
        .find((name) => name.endsWith('.json'))
        ?.replace('.json', '') ?? '';
    try {
      await until('the server runs', () => pidsWith(`${marker}-1`).length > 1);
      process.kill(hostPid, 'SIGSTOP');
      assert.deepEqual((await terminateOrphans(orphanDeps)).ended, []);
      assert.equal(isAlive(hostPid), true);
      const exit = once(window, 'exit');
      window.kill('SIGKILL');
      await exit;
      assert.deepEqual((await terminateOrphans(orphanDeps)).ended, ['web']);
      assert.deepEqual([pidsWith(marker), isAlive(hostPid), readdirSync(folder)], [[], false, []]);
    } finally {
      killAll([hostPid, ...pidsWith(marker), ...(window.pid === undefined ? [] : [window.pid])]);
      rmSync(folder, { recursive: true });
    }
  });
});

/** A window that starts a process host with one server, and prints its pid. */
const windowScript = `
import { fork } from 'node:child_process';
const [hostPath, folder, tree] = process.argv.slice(1);
const windowId = '21111111-2222-3333-4444-555555555555';
const env = { ...process.env, DEV_SERVER_REGISTRY_ID: 'host-' + windowId };
const host = fork(hostPath, [folder, windowId, ''], { env, serialization: 'advanced', detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
const command = { kind: 'argv', file: process.execPath, args: [tree, 'ignores signals'] };
const ready = { http: undefined, tcp: false, port: undefined, log: undefined, timeoutMs: 60000 };
const start = { runId: windowId + '-1', serverId: 'web', command, cwd: '/', env: {}, port: undefined, ready };
host.on('message', (messages) => {
  for (const message of [messages].flat()) if (message.kind === 'done') console.log(host.pid);
});
host.send([{ kind: 'start', request: 1, start, logBytes: 0 }]);
`;
