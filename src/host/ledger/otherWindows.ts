import { ServerError } from '../../core/server/errors.js';
import { survivorNames } from '../../core/lifecycle/survivors.js';
import { terminateForeignTree } from '../processTree/endTree.js';
import { ledgerPath, readLedger, readLedgers, markTakenOver, type LedgerRun } from './ledgerFile.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import type { OtherWindowRun } from '../../core/server/otherWindows.js';
import { isSameServer, identityOf, type ServerIdentity } from '../../core/server/identity.js';
import { processTable } from '../processTree/processTable.js';

/** Whether the process host of that window lives, as its record says. */
export async function isWindowAlive(
  windowId: string,
  { folder, platform }: OtherWindowDeps,
): Promise<boolean> {
  const file = await readLedger(ledgerPath(folder, windowId));
  return file?.kind === 'ledger' && isAlive(file.ledger.host, platform);
}

type Wanted = ServerIdentity;

interface OtherWindowDeps {
  readonly folder: string;
  readonly platform: Platform;
}

/** A run of that server in that folder which another window than ours has on record and which lives. */
export async function findInOtherWindow(
  wanted: Wanted,
  ownWindowId: string,
  deps: OtherWindowDeps,
): Promise<OtherWindowRun | undefined> {
  const found = await find(wanted, ownWindowId, deps);
  return found && { pid: found.run.process.pid, url: found.run.url };
}

/**
 * Ends that run, having told its process host that this is wanted. Resolves when it is verified dead, also when there is
 * none; rejects with `survivors`.
 */
export async function takeOver(wanted: Wanted, ownWindowId: string, deps: OtherWindowDeps): Promise<void> {
  const found = await find(wanted, ownWindowId, deps);
  if (!found) return;
  const { runId, process } = found.run;
  await markTakenOver(deps.folder, runId);
  const root = { name: runId, process, parent: found.hostPid };
  const { survivors } = await terminateForeignTree(root, deps.platform, processTable(deps.platform));
  if (survivors.length === 0) return;
  throw new ServerError(
    'survivors',
    `${wanted.id} could not be taken over: still alive: ${survivorNames(survivors)}.`,
  );
}

async function find(
  wanted: Wanted,
  ownWindowId: string,
  { folder, platform }: OtherWindowDeps,
): Promise<{ run: LedgerRun; hostPid: number } | undefined> {
  for (const file of await readLedgers(folder)) {
    if (file.kind !== 'ledger' || file.ledger.windowId === ownWindowId) continue;
    const run = file.ledger.runs.find((each) => isSameServer(identityOf(each), wanted));
    if (run && (await isAlive(run.process, platform))) return { run, hostPid: file.ledger.host.pid };
  }
  return undefined;
}
