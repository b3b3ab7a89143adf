import type { StartRequest } from '../../core/lifecycle/processHost.js';
import type { ProcessIdentity } from '../../core/server/state.js';
import type { LedgerWriter } from '../ledger/ledgerWriter.js';
import type { TreeRoot } from '../system/processes.js';

/** The record of a run in the ledger. */
export class RunRecord {
  #url: string | undefined;
  #isWritten = false;

  constructor(
    private readonly request: StartRequest,
    private readonly process: ProcessIdentity,
    private readonly root: TreeRoot,
    private readonly ledger: LedgerWriter,
  ) {}

  /** Writes the run, with its address once that is known. */
  write(url = this.#url): void {
    this.#url = url;
    this.#isWritten = true;
    const { runId, serverId, folder, cwd } = this.request;
    const { leader, seen } = this.root;
    const members = seen && { members: seen.members };
    this.ledger.set({ runId, serverId, folder, cwd, process: this.process, leader, url, ...members });
  }

  /** Writes the run again, if it was written before. */
  update(): void {
    if (this.#isWritten) this.write();
  }
}
