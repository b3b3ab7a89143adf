import type { ServerIdentity } from '../../core/server/identity.js';
import type { LedgerRun } from '../ledger/ledgerFile.js';
import type { LedgerWriter } from '../ledger/ledgerWriter.js';
import { takeOver } from '../ledger/otherWindows.js';
import type { Platform } from '../platform/platform.js';
import { killPortOwner } from '../sockets/killPortOwner.js';
import type { PortHolderDeps } from '../sockets/portHolders.js';
import { portsOfUrls } from '../../core/server/urlPort.js';
import type { ProcessIdentity } from '../../core/server/state.js';
import type { DaemonUser, KeptDaemons } from './keptDaemons.js';

interface ForeignRunDeps extends PortHolderDeps {
  readonly platform: Platform;
  readonly ledger: LedgerWriter;
  readonly daemons: KeptDaemons;
}

/** Stops the run of a server that another window has on record, except daemons that others use. Errors as `takeOver`. */
export function takeOverRun(
  server: ServerIdentity,
  { platform, ledger, daemons }: ForeignRunDeps,
): Promise<void> {
  const { folder, own } = ledger;
  return takeOver(server, own.windowId, {
    folder,
    platform,
    daemonsOf: (run, others) => daemons.policyOfForeign(toDaemonUser(run), others.map(toDaemonUser)),
  });
}

/** Ends the process that holds a port, except daemons that others use. Errors as `killPortOwner`. */
export function endPortOwner(port: number, process: ProcessIdentity, deps: ForeignRunDeps): Promise<void> {
  const run = { id: '', serverId: '', isLive: false, addressPorts: [port] };
  return killPortOwner(port, process, { ...deps, daemons: deps.daemons.policyOfForeign(run) });
}

function toDaemonUser({ runId, serverId, url }: LedgerRun): DaemonUser {
  return { id: runId, serverId, isLive: true, addressPorts: portsOfUrls(url === undefined ? [] : [url]) };
}
