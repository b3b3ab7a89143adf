import { inspect } from 'node:util';
import { leaderFolder } from '../ledger/ledgerFile.js';
import { LedgerWriter } from '../ledger/ledgerWriter.js';
import { isWindowAlive } from '../ledger/otherWindows.js';
import type { HostMessage } from '../ipc/protocol.js';
import { ServerLogs } from '../logs/serverLogs.js';
import { SessionLeaders } from '../launch/sessionLeader.js';
import { useEditorPty } from '../launch/pty.js';
import { ShellEnvironment } from '../launch/shellEnvironment.js';
import { HoldSocket } from './holdSocket.js';
import { HoldTimer } from './holdTimer.js';
import { prepareHostEnd, type EndCause } from './hostEnd.js';
import { Supervisor, type SupervisorDeps } from './supervisor.js';
import { isEndOfOrphans, Watchdog } from './watchdog.js';
import { WindowLink, type WindowPeer } from './windowLink.js';
import { systemTables } from '../sockets/socketQueries.js';
import { currentPlatform } from '../platform/currentPlatform.js';
import { identityOrUnknown } from '../platform/processIdentity.js';

/** Arguments of this process. */
interface Arguments {
  /** Folder of the ledger. */
  readonly folder: string;
  readonly windowId: string;
  readonly logFolder: string;
  /** Whether the next window decides about servers that outlive this process. */
  readonly keepsOrphans: boolean;
}

/** This process host, which one window at a time uses. */
interface Host {
  readonly link: WindowLink;
  shutdown(maxGraceMs: number): Promise<void>;
}

/**
 * Runs the process host. The extension starts one per window; it stops all its servers and exits when the window is gone and
 * no other one takes its place in time. Arguments: folder of the ledger, id of the window, folder of the logs, that of the
 * editor or nothing, and `keeps-orphans` where the next window decides about servers that outlive this one.
 */
function main(): void {
  if (isEndOfOrphans(process.argv.slice(2), reportError)) return;
  // Messages wait in their order until the host exists.
  const host: Promise<Host> = createHost(prepareHostEnd(() => host, reportError));
  process.on('message', (values) => void host.then(({ link }) => link.receive(firstWindow, values)));
  process.on('disconnect', () => void host.then(({ link }) => link.onClosed(firstWindow)));
}

/** The window that has started this process, which is its parent. */
const firstWindow: WindowPeer = {
  send: (messages) => {
    if (process.connected) process.send?.(messages, undefined, undefined, () => undefined);
  },
};

async function createHost(end: (cause: EndCause) => void): Promise<Host> {
  const [folder = '', windowId = '', logFolder = '', editorFolder = '', keepsOrphans] = process.argv.slice(2);
  if (editorFolder !== '') useEditorPty(editorFolder);
  const args = { folder, windowId, logFolder, keepsOrphans: keepsOrphans === 'keeps-orphans' };
  const platform = currentPlatform();
  const window = await platform.identify(process.ppid).catch(() => undefined);
  // Without the tool of the system that lists processes, servers start all the same.
  const own = await identityOrUnknown(process.pid, platform, reportError);
  const ledger = new LedgerWriter(folder, { windowId, host: own, window }, reportError);
  const watchdog = new Watchdog(folder, windowId);
  const send = (message: HostMessage): void => link.send(message);
  const supervisor = createSupervisor(args, { platform, ledger, watchdog, send });
  const link = new WindowLink(
    {
      ledger,
      supervisor,
      openSocket: (listeners) => HoldSocket.open({ ...listeners, folder, windowId, reportError }),
      startTimer: (options) => new HoldTimer(options),
      identify: (pid) => platform.identify(pid),
      onWindow: (pid) => watchdog.setWindow(pid),
      reportError,
      end,
    },
    firstWindow,
  );
  return {
    link,
    shutdown: async (maxGraceMs) => {
      await link.close();
      await supervisor.shutdown(maxGraceMs);
    },
  };
}

interface HostParts extends Pick<SupervisorDeps, 'platform' | 'ledger' | 'send'> {
  readonly watchdog: Watchdog;
}

function createSupervisor(
  { folder, windowId, logFolder, keepsOrphans }: Arguments,
  parts: HostParts,
): Supervisor {
  const { platform, ledger, watchdog, send } = parts;
  const tables = systemTables(platform);
  // Servers outlive this process with their leaders, so this needs a watchdog or the next window to stop them.
  const openLeaders = async (): Promise<SessionLeaders | undefined> => {
    await ledger.created;
    const outlivesHost = keepsOrphans || watchdog.start();
    return SessionLeaders.open(leaderFolder(folder, windowId), { outlivesHost, reportError });
  };
  return new Supervisor({
    platform,
    ...tables,
    ledger,
    leaders: platform.hasSessionLeaders ? openLeaders() : Promise.resolve(undefined),
    logs: new ServerLogs({
      folder: logFolder,
      windowId,
      isAlive: (each) => isWindowAlive(each, { folder, platform }),
      onGrown: (log) => send({ kind: 'logGrown', log }),
      reportError,
    }),
    shell: new ShellEnvironment({ platform, table: tables.table, reportError }),
    send,
  });
}

function reportError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? inspect(error) : String(error)}\n`);
}

main();
