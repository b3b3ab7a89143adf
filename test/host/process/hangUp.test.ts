import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { unbatch } from '../../../src/host/ipc/messageBatcher.js';
import { parseHostMessage, type ClientMessage } from '../../../src/host/ipc/protocol.js';
import { readyRule } from '../../../src/core/readiness/readyRule.js';
import { killAll, pidsWith, until } from '../../support/processes.js';
import { hostPath } from '../support/testHost.js';

const wait = 'setInterval(() => undefined, 1000); console.error("ready")';
const servers: Readonly<Record<string, string>> = {
  'keeps its terminal': `${wait};`,
  'closes its standard files': `${wait}; for (const file of [0, 1, 2]) require("fs").closeSync(file);`,
  'replaces its standard files': `${wait}; for (const file of [0, 1, 2]) { require("fs").closeSync(file); require("fs").openSync("/dev/null", "r+"); }`,
};

describe.skipIf(process.platform === 'win32').concurrent('the end of the terminal', () => {
  for (const [kind, script] of Object.entries(servers)) {
    it(`ends a server that ${kind}, when its process host was killed and nothing else ends it`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
      const windowId = `hang-up-${kind.replaceAll(' ', '-')}`.slice(0, 40);
      const runId = `${windowId}-1`;
      const host = fork(hostPath, [folder, windowId, ''], {
        serialization: 'advanced',
        detached: true,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const exit = once(host, 'exit');
      const command = { kind: 'argv', file: process.execPath, args: ['-e', script] } as const;
      const ready = readyRule(undefined, undefined);
      const start = { runId, serverId: 'web', command, cwd: '/', env: {}, port: undefined, ready };
      try {
        let output = '';
        host.on('message', (values) => {
          for (const message of unbatch(values).map(parseHostMessage))
            if (message.kind === 'output') output += message.data;
        });
        host.send([{ kind: 'start', request: 1, start, logBytes: 0 } satisfies ClientMessage]);
        await until('the server runs', () => {
          host.send([{ kind: 'attach', runId, columns: 80, rows: 24 } satisfies ClientMessage]);
          return output.includes('ready');
        });
        assert.ok(pidsWith(runId).length > 0);
        host.kill('SIGKILL');
        await exit;
        await until('the server has ended', () => pidsWith(runId).length === 0);
      } finally {
        killAll([...(host.pid === undefined ? [] : [host.pid]), ...pidsWith(runId)]);
        rmSync(folder, { recursive: true });
      }
    });
  }
});
