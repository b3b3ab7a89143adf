import { inspect } from 'node:util';
import { toServerError } from '../../core/server/errors.js';
import { MessageBatcher, unbatch } from '../ipc/messageBatcher.js';
import { LedgerWriter } from '../ledger/ledgerWriter.js';
import { isWindowAlive } from '../ledger/otherWindows.js';
import { parseClientMessage, type HostMessage } from '../ipc/protocol.js';
import { ServerLogs } from '../logs/serverLogs.js';
import { ShellEnvironment } from '../launch/shellEnvironment.js';
import { orphanGraceMs, Supervisor } from './supervisor.js';
import { systemTables } from '../sockets/systemTables.js';
import { IdleGc } from './idleGc.js';
import { currentPlatform } from '../platform/currentPlatform.js';

/**
 * The process host: started by the extension, one per window; it ends, with all its servers, when its channel closes.
 * Its arguments are the folder of the ledger, the window's id, and the folder of the logs.
 */
function main(): void {
  // Messages that come before it is there wait for it in their order.
  const supervisor = createSupervisor();
  const end = once((code: number) => {
    void supervisor.then((each) => each.shutdown(orphanGraceMs)).finally(() => process.exit(code));
  });

  // Nobody reads it any more when the window is gone, and to complain of that would fail again and again.
  process.stderr.on('error', () => undefined);
  process.on('message', (values) => void supervisor.then((each) => takeAll(each, values)));
  process.on('disconnect', () => end(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  process.on('uncaughtException', (error) => {
    reportError(error);
    end(1);
  });
}

function takeAll(supervisor: Supervisor, values: unknown): void {
  for (const value of unbatch(values)) take(supervisor, value);
}

function take(supervisor: Supervisor, value: unknown): void {
  try {
    supervisor.handle(parseClientMessage(value));
  } catch (error) {
    refuse(value, error);
  }
}

async function createSupervisor(): Promise<Supervisor> {
  const [folder = '', windowId = '', logFolder = ''] = process.argv.slice(2);
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const platform = currentPlatform();
  const host = await platform.identify(process.pid);
  if (!host) throw new Error('The process host cannot tell its own identity.');
  const tables = systemTables(platform);
  return new Supervisor({
    platform,
    ...tables,
    ledger: new LedgerWriter(folder, { windowId, host }, reportError),
    logs: new ServerLogs({
      folder: logFolder,
      windowId,
      isAlive: (each) => isWindowAlive(each, { folder, platform }),
      onGrown: (log) => answers.add({ kind: 'logGrown', log }),
      reportError,
    }),
    idleGc: new IdleGc(),
    shell: new ShellEnvironment({ env, platform, table: tables.table, reportError }),
    send: (message) => answers.add(message),
  });
}

const answers = new MessageBatcher<HostMessage>((messages) => {
  if (process.connected) process.send?.(messages, undefined, undefined, () => undefined);
});

/** Somebody waits for the answer to a request, even to one that cannot be read. */
function refuse(value: unknown, error: unknown): void {
  const { request } = typeof value === 'object' && value !== null && 'request' in value ? value : {};
  const { message, reason } = toServerError(error, 'badRequest');
  if (typeof request === 'number') answers.add({ kind: 'refused', request, reason, message });
  else reportError(error);
}

function reportError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? inspect(error) : String(error)}\n`);
}

function once(action: (code: number) => void): (code: number) => void {
  let done = false;
  return (code) => {
    if (!done) action(code);
    done = true;
  };
}

main();
