import { inspect } from 'node:util';
import { toServerError } from '../../core/server/errors.js';
import { MessageBatcher, unbatch } from '../ipc/messageBatcher.js';
import { leaderFolder } from '../ledger/ledgerFile.js';
import { LedgerWriter } from '../ledger/ledgerWriter.js';
import { isWindowAlive } from '../ledger/otherWindows.js';
import { parseClientMessage, type HostMessage } from '../ipc/protocol.js';
import { ServerLogs } from '../logs/serverLogs.js';
import { SessionLeaders } from '../launch/sessionLeader.js';
import { useEditorPty } from '../launch/pty.js';
import { ShellEnvironment } from '../launch/shellEnvironment.js';
import { Supervisor } from './supervisor.js';
import { isEndOfOrphans, startWatchdog } from './watchdog.js';
import { endWhenWindowCloses } from './windowClosed.js';
import { systemTables } from '../sockets/socketQueries.js';
import { unknownStart } from '../system/processes.js';
import { currentPlatform } from '../platform/currentPlatform.js';

/**
 * Runs the process host. The extension starts one per window; it stops all its servers and exits when its channel closes.
 * Arguments: folder of the ledger, id of the window, folder of the logs, that of the editor or nothing, and `keeps-orphans`
 * where the next window decides about servers that outlive this one.
 */
function main(): void {
  if (isEndOfOrphans(process.argv.slice(2), reportError)) return;
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
  const [folder = '', windowId = '', logFolder = '', editorFolder = '', keepsOrphans] = process.argv.slice(2);
  if (editorFolder !== '') useEditorPty(editorFolder);
  const platform = currentPlatform();
  const window = await platform.identify(process.ppid).catch(() => undefined);
  // Without the tool of the system that lists processes, servers start all the same.
  const host = (await platform.identify(process.pid).catch(reportError)) ?? {
    pid: process.pid,
    startTime: unknownStart,
    bootId: await platform.bootId(),
  };
  const tables = systemTables(platform);
  const ledger = new LedgerWriter(folder, { windowId, host, window }, reportError);
  return new Supervisor({
    platform,
    ...tables,
    ledger,
    leaders: platform.hasSessionLeaders
      ? ledger.created.then(() => openLeaders(folder, windowId, keepsOrphans === 'keeps-orphans'))
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

/** Opens the leaders. Only with a watchdog may they outlive this process, since servers do with them. */
function openLeaders(
  folder: string,
  windowId: string,
  keepsOrphans: boolean,
): Promise<SessionLeaders | undefined> {
  const outlivesHost = keepsOrphans || startWatchdog(folder, windowId);
  return SessionLeaders.open(leaderFolder(folder, windowId), { outlivesHost, reportError });
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
