import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { readyRule } from '../../../src/core/readiness/readyRule.js';
import { unbatch } from '../../../src/host/ipc/messageBatcher.js';
import { parseHostMessage, type ClientMessage, type HostMessage } from '../../../src/host/ipc/protocol.js';
import { killAll, pidsWith, until } from '../../support/processes.js';
import { skipWithout } from '../../support/skip.js';
import { hostPath } from '../support/testHost.js';

/** A user without other processes, also when this test runs twice on a machine, and the tasks that it may have. */
const user = 50_000 + (process.pid % 10_000);
const maxTasks = 60;
const maxStarts = 20;

describe('at the limit of processes', () => {
  it('a start is refused, and the process host and the other servers live', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only root can run a process host as another user');
    skipWithout(context, 'setpriv', 'prlimit');
    accessSync(hostPath, constants.R_OK);
    const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
    chmodSync(folder, 0o777);
    const windowId = randomUUID();
    const words = [`--nproc=${maxTasks}`, 'setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
    const host = spawn('prlimit', [...words, process.execPath, hostPath, folder, windowId, ''], {
      cwd: folder,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const exit = once(host, 'exit');
    const answers: HostMessage[] = [];
    host.on('message', (values) => answers.push(...unbatch(values).map(parseHostMessage)));
    const answered = (kind: HostMessage['kind']) => answers.filter((answer) => answer.kind === kind).length;
    const send = (message: ClientMessage) => host.send([message]);
    try {
      for (let request = 1; request <= maxStarts && answered('refused') === 0; request += 1) {
        const command = { kind: 'argv', file: '/bin/sleep', args: ['600'] } as const;
        const server = {
          runId: `${windowId}-${request}`,
          serverId: String(request),
          command,
          cwd: folder,
          env: {},
        };
        const start = { ...server, port: undefined, ready: readyRule(undefined, undefined) };
        send({ kind: 'start', request, start, logBytes: 0 });
        await until('the start is answered', () => answered('done') + answered('refused') === request);
      }
      const refused = answers.find((answer) => answer.kind === 'refused');
      assert.match(JSON.stringify(refused), /this user or container can have only/);
      assert.ok(answered('done') > 0);
      const before = answered('done');
      send({ kind: 'ping', request: maxStarts + 1 });
      await until('the process host answers', () => answered('done') > before);
      host.disconnect();
      assert.deepEqual(await exit, [0, null]);
      assert.deepEqual(pidsWith(windowId), []);
    } finally {
      killAll([...(host.pid === undefined ? [] : [host.pid]), ...pidsWith(windowId)]);
      rmSync(folder, { recursive: true });
    }
  });
});
