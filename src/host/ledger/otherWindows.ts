import { ServerError } from '../../core/server/errors.js';
import { survivorNames } from '../../core/lifecycle/survivors.js';
import { endTree } from '../processTree/endTree.js';
import { ledgerPath, readLedger, readLedgers, writeTaken, type LedgerRun } from './ledgerFile.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import type { RunElsewhere } from '../../core/server/otherWindows.js';
import { isSameServer, placeOf, type ServerPlace } from '../../core/server/identity.js';
import { processTable } from '../processTree/processTable.js';

/** Whether the process host of that window lives, as its record says. */
export async function isWindowAlive(
  windowId: string,
  { folder, platform }: OtherWindowPorts,
): Promise<boolean> {
  const file = await readLedger(ledgerPath(folder, windowId));
  return file?.kind === 'ledger' && isAlive(file.ledger.host, platform);
}

type Wanted = ServerPlace;

interface OtherWindowPorts {
  readonly folder: string;
  readonly platform: Platform;
}

/** A run of that server in that folder which another window than ours has on record and which lives. */
export async function findElsewhere(
  wanted: Wanted,
  ownWindowId: string,
  ports: OtherWindowPorts,
): Promise<RunElsewhere | undefined> {
  const found = await find(wanted, ownWindowId, ports);
  return found && { pid: found.run.process.pid, url: found.run.url };
}

/**
 * Ends that run, having told its process host that this is wanted. Resolves when it is verified dead, also when there is
 * none; rejects with `survivors`.
 */
export async function takeOver(wanted: Wanted, ownWindowId: string, ports: OtherWindowPorts): Promise<void> {
  const found = await find(wanted, ownWindowId, ports);
  if (!found) return;
  const { runId, process } = found.run;
  await writeTaken(ports.folder, runId);
  const root = { name: runId, process, parent: found.hostPid };
  const { survivors } = await endTree(root, ports.platform, processTable(ports.platform));
  if (survivors.length === 0) return;
  throw new ServerError(
    'survivors',
    `${wanted.id} could not be taken over: still alive: ${survivorNames(survivors)}.`,
  );
}

async function find(
  wanted: Wanted,
  ownWindowId: string,
  { folder, platform }: OtherWindowPorts,
): Promise<{ run: LedgerRun; hostPid: number } | undefined> {
  for (const file of await readLedgers(folder)) {
    if (file.kind !== 'ledger' || file.ledger.windowId === ownWindowId) continue;
    const run = file.ledger.runs.find((each) => isSameServer(placeOf(each), wanted));
    if (run && (await isAlive(run.process, platform))) return { run, hostPid: file.ledger.host.pid };
  }
  return undefined;
}
