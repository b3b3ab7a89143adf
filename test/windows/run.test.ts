import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { freePort } from '../support/processes.js';
import { nodeCommand, WindowsHost } from './support/windowsHost.js';

let host: WindowsHost;

beforeEach(() => {
  host = new WindowsHost();
});

afterEach(async () => {
  await host.end();
});

describe('a server on Windows', () => {
  it('has a pid, is ready by its own listener, is on record, and stops', async () => {
    const port = await freePort();
    const runId = await host.start(nodeCommand('server.mjs', String(port)), { port });
    const { process: root } = await host.event(runId, 'spawned');
    assert.ok(root.pid > 4, `pid ${root.pid}`);
    assert.match(root.startTime, /^\d{18}$/);
    const output = host.watch(runId);
    const ready = await host.event(runId, 'ready');
    assert.equal(ready.endpoint?.url, `http://127.0.0.1:${port}/`);
    await output.until('äñ✓');
    assert.match(host.ledger(), new RegExp(`"pid":${root.pid}\\b`));
    const report = await host.stop(runId);
    assert.deepEqual(report, { forced: false, survivors: [], busyPorts: [] });
    assert.doesNotMatch(host.ledger(), new RegExp(`"pid":${root.pid}\\b`));
  });
});
