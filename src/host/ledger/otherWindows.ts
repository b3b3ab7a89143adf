import { shortName } from '../../core/server/definition.js';
import { ServerError } from '../../core/server/errors.js';
import { survivorNames } from '../../core/lifecycle/survivors.js';
import type { DaemonPolicy } from '../processTree/daemons.js';
import { terminateForeignTree } from '../processTree/foreignTree.js';
import { ledgerPath, readLedger, readLedgers, markTakenOver, type LedgerRun } from './ledgerFile.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import type { OtherWindowRun, RecordedRun } from '../../core/server/otherWindows.js';
import { isSameServer, identityOf, type ServerIdentity } from '../../core/server/identity.js';
import { recordedRoot } from './recordedRoot.js';
import { processTable } from '../processTree/processTable.js';
import { untranslated } from '../../core/text.js';

/** Returns whether the process host that the window has on record lives. */
export async function isWindowAlive(
  windowId: string,
  { folder, platform }: OtherWindowDeps,
): Promise<boolean> {
  const file = await readLedger(ledgerPath(folder, windowId));
  return file?.kind === 'ledger' && isAlive(file.ledger.host, platform);
}

interface OtherWindowDeps {
  readonly folder: string;
  readonly platform: Platform;
}

/**
 * Returns a live run of the server that another window has on record. If the processes cannot be listed, no run counts
 * as live: that must not keep the server from starting here.
 */
export async function findInOtherWindow(
  server: ServerIdentity,
  ownWindowId: string,
  deps: OtherWindowDeps,
): Promise<OtherWindowRun | undefined> {
  const found = await findRun(server, ownWindowId, deps).catch(() => undefined);
  return found && { pid: found.run.process.pid, url: found.run.url };
}

/** Lists the live runs that other windows have on record. */
export async function listOtherRuns(
  ownWindowId: string,
  { folder, platform }: OtherWindowDeps,
): Promise<RecordedRun[]> {
  const ledgers = (await readLedgers(folder)).flatMap((file) =>
    file.kind === 'ledger' && file.ledger.windowId !== ownWindowId ? [file.ledger] : [],
  );
  const runs: RecordedRun[] = [];
  for (const { link, runs: recorded } of ledgers)
    for (const run of recorded)
      if (await isAlive(run.process, platform).catch(() => false))
        runs.push({ server: identityOf(run), url: run.url, heldUntil: link?.heldUntil });
  return runs;
}

export interface TakeOverDeps extends OtherWindowDeps {
  /** Returns what decides about the daemons of the run, given the other runs of its window. */
  readonly daemonsOf: (run: LedgerRun, others: readonly LedgerRun[]) => DaemonPolicy;
}

/**
 * Stops that run, except daemons that others use, after marking it as taken over. Resolves when it is verified dead, also without one; rejects with
 * `survivors`.
 */
export async function takeOver(
  server: ServerIdentity,
  ownWindowId: string,
  deps: TakeOverDeps,
): Promise<void> {
  const found = await findRun(server, ownWindowId, deps);
  if (!found) return;
  await markTakenOver(deps.folder, found.run.runId);
  const { run, others, hostPid } = found;
  const { survivors } = await terminateForeignTree(recordedRoot(run, hostPid), {
    platform: deps.platform,
    table: processTable(deps.platform),
    plan: run.stop,
    daemons: deps.daemonsOf(run, others),
  });
  if (survivors.length === 0) return;
  throw new ServerError(
    'survivors',
    untranslated(
      '{0} could not be taken over. Still running: {1}.',
      shortName(server.id),
      survivorNames(survivors),
    ),
  );
}

async function findRun(
  server: ServerIdentity,
  ownWindowId: string,
  { folder, platform }: OtherWindowDeps,
): Promise<{ run: LedgerRun; others: LedgerRun[]; hostPid: number } | undefined> {
  for (const file of await readLedgers(folder)) {
    if (file.kind !== 'ledger' || file.ledger.windowId === ownWindowId) continue;
    const { runs, host } = file.ledger;
    const run = runs.find((each) => isSameServer(identityOf(each), server));
    if (run && (await isAlive(run.process, platform)))
      return { run, others: runs.filter((each) => each !== run), hostPid: host.pid };
  }
  return undefined;
}
