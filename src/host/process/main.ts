import { inspect } from 'node:util';
import { toServerError } from '../../core/server/errors.js';
import { MessageBatcher, unbatch } from '../ipc/messageBatcher.js';
import { leaderFolder } from '../ledger/ledgerFile.js';
import { LedgerWriter } from '../ledger/ledgerWriter.js';
import { isWindowAlive } from '../ledger/otherWindows.js';
import { parseClientMessage, type HostMessage } from '../ipc/protocol.js';
import { ServerLogs } from '../logs/serverLogs.js';
import { SessionLeaders } from '../launch/sessionLeader.js';
import { ShellEnvironment } from '../launch/shellEnvironment.js';
import { Supervisor } from './supervisor.js';
import { endWhenWindowCloses } from './windowClosed.js';
import { systemTables } from '../sockets/socketQueries.js';
import { currentPlatform } from '../platform/currentPlatform.js';

/**
 * Runs the process host. The extension starts one per window; it stops all its servers and exits when its channel closes.
 * Arguments: folder of the ledger, id of the window, folder of the logs.
 */
function main(): void {
  // Messages wait in their order until the supervisor exists.
  const supervisor = createSupervisor();
  process.on('message', (values) => void supervisor.then((each) => handleAll(each, values)));
  endWhenWindowCloses(supervisor, reportError);
}

function handleAll(supervisor: Supervisor, values: unknown): void {
  for (const value of unbatch(values)) handle(supervisor, value);
}

function handle(supervisor: Supervisor, value: unknown): void {
  try {
    supervisor.handle(parseClientMessage(value));
  } catch (error) {
    refuse(value, error);
  }
}

async function createSupervisor(): Promise<Supervisor> {
  const [folder = '', windowId = '', logFolder = ''] = process.argv.slice(2);
  const platform = currentPlatform();
  const [host, window] = await Promise.all([
    platform.identify(process.pid),
    platform.identify(process.ppid).catch(() => undefined),
  ]);
  if (!host) throw new Error('The process host cannot tell its own identity.');
  const tables = systemTables(platform);
  const ledger = new LedgerWriter(folder, { windowId, host, window }, reportError);
  return new Supervisor({
    platform,
    ...tables,
    ledger,
    leaders: platform.hasSessionLeaders
      ? ledger.created.then(() => SessionLeaders.open(leaderFolder(folder, windowId), reportError))
      : Promise.resolve(undefined),
    logs: new ServerLogs({
      folder: logFolder,
      windowId,
      isAlive: (each) => isWindowAlive(each, { folder, platform }),
      onGrown: (log) => answers.add({ kind: 'logGrown', log }),
      reportError,
    }),
    shell: new ShellEnvironment({ platform, table: tables.table, reportError }),
    send: (message) => answers.add(message),
  });
}

const answers = new MessageBatcher<HostMessage>((messages) => {
  if (process.connected) process.send?.(messages, undefined, undefined, () => undefined);
});

/** Answers a request even when the rest of it is not valid, since its caller waits. */
function refuse(value: unknown, error: unknown): void {
  const { request } = typeof value === 'object' && value !== null && 'request' in value ? value : {};
  const { text, reason } = toServerError(error, 'badRequest');
  if (typeof request === 'number') answers.add({ kind: 'refused', request, reason, text });
  else reportError(error);
}

function reportError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? inspect(error) : String(error)}\n`);
}

main();
