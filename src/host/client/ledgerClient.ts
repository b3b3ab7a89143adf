import type { Logger } from '../../core/common.js';
import type {
  Orphan,
  OrphanFate,
  OtherWindowRun,
  OtherWindows,
  RecordedRun,
} from '../../core/server/otherWindows.js';
import type { ServerIdentity } from '../../core/server/identity.js';
import { describeLedgers, type LedgerRun } from '../ledger/ledgerFile.js';
import { findOrphans, terminateOrphans, type OrphanDeps, type OrphanReport } from '../ledger/orphans.js';
import { findInOtherWindow, listOtherRuns } from '../ledger/otherWindows.js';
import { currentPlatform } from '../platform/currentPlatform.js';

export interface LedgerClientOptions {
  /** Folder in which process hosts record what they run. */
  readonly ledgerFolder: string;
  readonly log: Logger;
}

/** Reads the records of other windows, and acts on their servers. */
export abstract class LedgerClient implements OtherWindows {
  /** Prefix of every run id of this window. */
  protected abstract readonly windowId: string;

  constructor(private readonly ledgerOptions: LedgerClientOptions) {}

  /** Stops the servers whose process hosts are dead, except those for which `decideFate` decides otherwise. */
  endOrphans(decideFate?: (run: LedgerRun) => OrphanFate): Promise<OrphanReport> {
    return terminateOrphans(this.orphanDeps, decideFate);
  }

  /** Returns the servers that outlive the process hosts that started them. */
  findOrphans(): Promise<Orphan[]> {
    return findOrphans(this.orphanDeps);
  }

  /** Daemons are left to the process host, which can list their users. */
  abstract takeOver(server: ServerIdentity): Promise<void>;

  /** Returns a line for each process host and each run on record. */
  describeLedger(): Promise<string[]> {
    return describeLedgers(this.ledgerOptions.ledgerFolder);
  }

  find(server: ServerIdentity): Promise<OtherWindowRun | undefined> {
    return findInOtherWindow(server, this.windowId, this.orphanDeps);
  }

  list(): Promise<readonly RecordedRun[]> {
    return listOtherRuns(this.windowId, this.orphanDeps);
  }

  protected get orphanDeps(): OrphanDeps {
    const { ledgerFolder: folder, log } = this.ledgerOptions;
    return { folder, platform: currentPlatform(), log };
  }
}
