import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

const asUser = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
const fewer = `echo ${300 + maxTasks} >/proc/sys/kernel/pid_max && exec "$@"`;

/** Arguments of a command that runs a program below a limit. */
const limits = {
  'of a user': ['prlimit', `--nproc=${maxTasks}`, ...asUser],
  'of the process numbers of a container': [
    ...'unshare --pid --fork --mount-proc sh -c'.split(' '),
    fewer,
    'sh',
  ],
};

/** Before Linux 6.14 all namespaces have one limit, which a test must not change. */
const hasOwnNumbers = (): boolean => {
  const outside = readFileSync('/proc/sys/kernel/pid_max', 'utf8');
  const words = ['--pid', '--fork', '--mount-proc', 'cat', '/proc/sys/kernel/pid_max'];
  const { status, stdout } = spawnSync('unshare', words, { encoding: 'utf8' });
  return status === 0 && stdout !== outside;
};

describe('at the limit of processes', () => {
  it.for(Object.entries(limits))(
    '%s a start is refused, and the process host and the other servers live',
    async ([limit, words], context) => {
      if (process.getuid?.() !== 0) context.skip('only root can limit the processes of a process host');
      skipWithout(context, 'setpriv', 'prlimit', 'unshare');
      if (limit !== 'of a user' && !hasOwnNumbers())
        context.skip('the kernel has one limit for all containers');
      accessSync(hostPath, constants.R_OK);
      const folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
      chownSync(folder, user, user);
      const windowId = randomUUID();
      const [program = '', ...rest] = words;
      const host = spawn(program, [...rest, process.execPath, hostPath, folder, windowId, ''], {
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
    },
  );
});
