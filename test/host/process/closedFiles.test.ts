import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { killAll, pidsWith, until } from '../../support/processes.js';
import { startBareWindow } from '../support/bareWindow.js';
import { TestHost } from '../support/testHost.js';

const wait = 'setInterval(() => undefined, 1000)';
const servers: Readonly<Record<string, string>> = {
  'closes its standard files': `${wait}; for (const file of [0, 1, 2]) require("fs").closeSync(file);`,
  'replaces its standard files': `${wait}; for (const file of [0, 1, 2]) { require("fs").closeSync(file); require("fs").openSync("/dev/null", "r+"); }`,
};

describe.skipIf(process.platform === 'win32').concurrent('a server that has no file of its terminal', () => {
  for (const [kind, script] of Object.entries(servers)) {
    it(`runs on, and is stopped: it ${kind}`, async () => {
      const host = new TestHost();
      const run = await host.start({ kind: 'argv', file: process.execPath, args: ['-e', script] });
      await host.event(run, 'spawned');
      assert.equal(
        host.events.some((event) => event.kind === 'ended'),
        false,
      );
      const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 });
      assert.deepEqual([report.forced, pidsWith(run)], [false, []]);
      await host.end();
    });

    it(`ends when its window and process host were killed: it ${kind}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
      const windowId = `closed-files-${kind.split(' ', 1).join('')}`;
      const window = await startBareWindow(folder, windowId, ['-e', script]);
      try {
        await until('the server runs', () => pidsWith(`${windowId}-1`).length > 1);
        await window.kill();
        killAll([window.hostPid]);
        await until('the server has ended', () => pidsWith(windowId).length === 0);
      } finally {
        killAll([...window.pids, ...pidsWith(windowId)]);
        rmSync(folder, { recursive: true });
      }
    });
  }
});
