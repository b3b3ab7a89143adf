import type { LedgerRun } from '../ledger/ledgerFile.js';
import type { LedgerWriter } from '../ledger/ledgerWriter.js';
import type { Platform } from '../platform/platform.js';
import type { TreeRoot } from '../system/processes.js';
import { SeenMembers } from '../system/seenMembers.js';

interface RunRecordDeps {
  readonly platform: Platform;
  readonly ledger: LedgerWriter;
}

/**
 * The record of a run in the ledger. Where some processes hide their environment, it follows the members of the tree. A
 * stop deletes it from the ledger once nothing is alive any more.
 */
export class RunRecord {
  /** Root of the tree, which remembers the members where that is needed. */
  readonly root: TreeRoot;
  #isWritten = false;

  constructor(
    private run: LedgerRun,
    hostPid: number,
    private readonly isGone: () => boolean,
    private readonly deps: RunRecordDeps,
  ) {
    const { runId, process, leader, members } = run;
    const seen =
      deps.platform.hidesEnvironments &&
      new SeenMembers([process, ...(members ?? [])], () => this.#onMembersChanged(seen ? seen.members : []));
    this.root = { name: runId, process, parent: hostPid, leader, ...(seen && { seen }) };
  }

  /** Writes the record, with these changes. */
  write(changes: Partial<Pick<LedgerRun, 'url' | 'members'>> = {}): void {
    this.run = { ...this.run, ...changes };
    this.#isWritten = true;
    this.deps.ledger.set(this.run);
  }

  #onMembersChanged(members: LedgerRun['members']): void {
    this.run = { ...this.run, members };
    if (this.#isWritten && !this.isGone()) this.write();
  }
}
