import type { RunElsewhere } from '../core/ports.js';
import type { ProcessIdentity } from '../core/serverState.js';
import { readLedgers, type LedgerRun } from './ledgerFile.js';
import type { Platform } from './platform/platform.js';

/** Whether this very process lives, and not another one that has its pid. */
export async function isAlive(identity: ProcessIdentity, platform: Platform): Promise<boolean> {
  const now = await platform.identify(identity.pid);
  return now?.startTime === identity.startTime && now.bootId === identity.bootId;
}

/** A run of that server in that folder which another window than ours has on record and which lives. */
export async function findElsewhere(
  wanted: Pick<LedgerRun, 'serverId' | 'cwd'>,
  ownWindowId: string,
  { folder, platform }: { readonly folder: string; readonly platform: Platform },
): Promise<RunElsewhere | undefined> {
  for (const file of await readLedgers(folder)) {
    if (file.kind !== 'ledger' || file.ledger.windowId === ownWindowId) continue;
    const run = file.ledger.runs.find(
      ({ serverId, cwd }) => serverId === wanted.serverId && cwd === wanted.cwd,
    );
    if (run && (await isAlive(run.process, platform))) return { pid: run.process.pid, url: run.url };
  }
  return undefined;
}
