import { existsSync, rmSync } from 'node:fs';
import {
  ledgerPath,
  readLedgers,
  takeoverPath,
  writeLedger,
  type KeptRecord,
  type Ledger,
  type LedgerRun,
} from './ledgerFile.js';
import { makePrivateFolder } from '../system/privateFolder.js';
import { removeReplaceable } from '../system/replaceFile.js';

/** Window on record, with the runs of its process host. */
export type LedgerWindow = Pick<Ledger, 'windowId' | 'host' | 'runs'>;

/** The part of a record that changes with the window. */
type LedgerOfWindow = Partial<Pick<Ledger, 'window' | 'workspace' | 'link'>>;

/**
 * Records what this process host runs in a file of its own. With one writer per file, no lock between windows is
 * needed: no window can lose the entries of another one, or wait for a dead owner of a lock.
 */
export class LedgerWriter {
  readonly #path: string;
  readonly #runs = new Map<string, LedgerRun>();
  readonly #kept = new Map<string, readonly KeptRecord[]>();
  /** Resolves when the file exists, for as long as this process host, or when it could not be written. */
  readonly created: Promise<unknown>;
  #written: Promise<boolean>;
  #isDue = false;
  #isClosed = false;
  #window: LedgerOfWindow;

  /** Writes the file at once: it must exist before any server, so that no process lacks a record. */
  constructor(
    readonly folder: string,
    private readonly owner: Pick<Ledger, 'windowId' | 'host' | 'window'>,
    private readonly reportError: (error: unknown) => void,
  ) {
    this.#window = { window: owner.window };
    this.#path = ledgerPath(folder, owner.windowId);
    this.#written = this.#reportingErrors(async () => {
      await makePrivateFolder(folder);
      await this.#write();
    });
    this.created = this.#written;
  }

  /** Resolves when all earlier changes are written, or could not be, with whether they are. */
  get written(): Promise<boolean> {
    return this.#written;
  }

  /** The record of this process host. */
  get own(): LedgerWindow {
    return { ...this.owner, runs: [...this.#runs.values()] };
  }

  /** Returns the records of the other process hosts. */
  async others(): Promise<LedgerWindow[]> {
    const files = await readLedgers(this.folder);
    return files.flatMap((file) =>
      file.kind === 'ledger' && file.ledger.windowId !== this.owner.windowId ? file.ledger : [],
    );
  }

  /** Records the window for which this process host works, or how the next one reaches it. */
  setWindow(changes: LedgerOfWindow): void {
    this.#window = { ...this.#window, ...changes };
    this.#scheduleWrite();
  }

  set(run: LedgerRun): void {
    this.#runs.set(run.runId, run);
    this.#scheduleWrite();
  }

  /** Returns whether another window took the run over, so that its end is not a crash; removes the mark. */
  wasTaken(runId: string): boolean {
    const path = takeoverPath(this.folder, runId);
    if (!existsSync(path)) return false;
    rmSync(path, { force: true });
    return true;
  }

  delete(runId: string): void {
    if (this.#runs.delete(runId)) this.#scheduleWrite();
  }

  /** Records the daemons that are left of an ended run. */
  setKept(runId: string, kept: readonly KeptRecord[]): void {
    if (kept.length > 0) this.#kept.set(runId, kept);
    else if (!this.#kept.delete(runId)) return;
    this.#scheduleWrite();
  }

  /** Removes the file, unless something still runs, which stays on record. Later changes are not written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#written;
    const kept = [...this.#kept.values()].flat().filter(({ hasWindows }) => hasWindows !== true);
    if (this.#runs.size + kept.length === 0) await this.#reportingErrors(() => removeReplaceable(this.#path));
  }

  /** Writes once for all changes made during the write in progress. */
  #scheduleWrite(): void {
    if (this.#isDue || this.#isClosed) return;
    this.#isDue = true;
    this.#written = this.#written.then(() => {
      this.#isDue = false;
      return this.#reportingErrors(() => this.#write());
    });
  }

  #write(): Promise<void> {
    return writeLedger(this.#path, {
      ...this.own,
      ...this.#window,
      kept: [...this.#kept.values()].flat(),
    });
  }

  /**
   * Reports an error instead of throwing it: a full or read-only disk costs the record, never a server that has a window.
   * Resolves with whether there was none.
   */
  async #reportingErrors(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.reportError(error);
      return false;
    }
  }
}
