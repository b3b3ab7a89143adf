// A window for the tests that kill it: it starts a server, or takes over those that an earlier window has left, and prints
// the pids of the process host and of the servers. Arguments: bundle of the process host, folder of the ledger, folder of
// the logs, milliseconds of the hold, and the program of the server with its arguments.
import { setTimeout as sleep } from 'node:timers/promises';
import { readyRule } from '../../../src/core/readiness/readyRule.js';
import { HostClient } from '../../../src/host/client/hostClient.js';

const [hostPath = '', ledgerFolder = '', logFolder = '', holdMs = '', file = '', ...args] =
  process.argv.slice(2);
const log = { info: () => undefined, error: (message: string) => process.stderr.write(`${message}\n`) };
const client = new HostClient({
  hostPath,
  ledgerFolder,
  logs: { folder: logFolder, maxBytes: () => 1024 * 1024 },
  log,
  hold: () => ({ holdMs: Number(holdMs), workspace: ['file:///shop'] }),
});
client.onEvent((event) => {
  if (event.kind === 'ready') process.stdout.write(`ready ${client.pid ?? 0}\n`);
});
await client.start({
  runId: client.newRunId(),
  serverId: 'web',
  command: { kind: 'argv', file, args },
  cwd: process.cwd(),
  env: {},
  port: undefined,
  ready: readyRule(undefined, undefined),
});
client.hold.save('web', 'what the window knows', false);
// The test kills it.
await sleep(2 ** 30);
