import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ClientMessage } from '../../../src/host/ipc/protocol.js';
import { ledgerPath, readLedger } from '../../../src/host/ledger/ledgerFile.js';
import { until } from '../../support/processes.js';
import { hostPath } from './testHost.js';

/**
 * Script of a window that only starts a process host with one server and prints the pid of the process host. Arguments:
 * bundle of the process host, folder of the ledger, id of the window, first messages as JSON, arguments for Node.
 */
const script = `
import { fork } from 'node:child_process';
const [hostPath, folder, windowId, messages, ...args] = process.argv.slice(1);
const env = { ...process.env, DEV_SERVER_REGISTRY_ID: 'host-' + windowId };
const stdio = ['ignore', 'ignore', 'inherit', 'ipc'];
const host = fork(hostPath, [folder, windowId, ''], { env, serialization: 'advanced', detached: true, stdio });
const command = { kind: 'argv', file: process.execPath, args };
const ready = { http: undefined, tcp: false, port: undefined, log: undefined, timeoutMs: 60000 };
const start = { runId: windowId + '-1', serverId: 'web', command, cwd: '/', env: {}, port: undefined, ready };
host.on('message', (messages) => {
  for (const message of [messages].flat()) if (message.kind === 'done') console.log(host.pid);
});
host.send([...JSON.parse(messages), { kind: 'start', request: 1, start, logBytes: 0 }]);
`;

/** A window that can be killed, with its process host. */
export interface BareWindow {
  readonly hostPid: number;
  /** Pids to kill after the test. */
  readonly pids: readonly number[];
  kill(): Promise<void>;
}

/** Starts a window with a server, which Node runs with these arguments. Resolves when the server is on record. */
export async function startBareWindow(
  folder: string,
  windowId: string,
  args: readonly string[],
  messages: readonly ClientMessage[] = [],
): Promise<BareWindow> {
  const words = [
    '--input-type=module',
    '-e',
    script,
    hostPath,
    folder,
    windowId,
    JSON.stringify(messages),
    ...args,
  ];
  const window: ChildProcess = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = window.stdout?.setEncoding('utf8');
  if (!output) throw new Error('The window has no output.');
  const [text] = (await once(output, 'data')) as [string];
  const hostPid = Number(text.trim());
  await until('the record of the server', async () => {
    const file = await readLedger(ledgerPath(folder, windowId));
    return file?.kind === 'ledger' && file.ledger.runs.length > 0;
  });
  return {
    hostPid,
    pids: [hostPid, ...(window.pid === undefined ? [] : [window.pid])],
    kill: async () => {
      const exit = once(window, 'exit');
      window.kill('SIGKILL');
      await exit;
    },
  };
}
