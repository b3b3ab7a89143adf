import { existsSync, rmSync } from 'node:fs';
import {
  makeLedgerFolder,
  ledgerPath,
  readLedgers,
  takeoverPath,
  writeLedger,
  type Ledger,
  type LedgerRun,
} from './ledgerFile.js';
import { removeReplaceable } from '../system/replaceFile.js';

/** What one process host runs. */
export type LedgerWindow = Pick<Ledger, 'windowId' | 'host' | 'runs'>;

/**
 * Writes what this process host runs into a file of its own. One writer per file needs no lock between windows: none can
 * lose the other's entries or wait for a holder that died.
 */
export class LedgerWriter {
  readonly #path: string;
  readonly #runs = new Map<string, LedgerRun>();
  /** Resolves when the file stands, or could not be made; it then stands as long as this process host. */
  readonly begun: Promise<void>;
  #written: Promise<void>;
  #isDue = false;

  /** Begins with a first write: it stands before any server does, so that there is no process without a file. */
  constructor(
    private readonly folder: string,
    private readonly owner: Pick<Ledger, 'windowId' | 'host'>,
    private readonly reportError: (error: unknown) => void,
  ) {
    this.#path = ledgerPath(folder, owner.windowId);
    this.begun = this.#attempt(async () => {
      await makeLedgerFolder(folder);
      await this.#write();
    });
    this.#written = this.begun;
  }

  /** Resolves when everything set before is on the disk, or could not be put there. */
  get written(): Promise<void> {
    return this.#written;
  }

  /** What this process host runs, as it is on record. */
  get own(): LedgerWindow {
    return { ...this.owner, runs: [...this.#runs.values()] };
  }

  /** What other process hosts have on record. */
  async others(): Promise<LedgerWindow[]> {
    const files = await readLedgers(this.folder);
    return files.flatMap((file) =>
      file.kind === 'ledger' && file.ledger.windowId !== this.owner.windowId ? file.ledger : [],
    );
  }

  set(run: LedgerRun): void {
    this.#runs.set(run.runId, run);
    this.#soon();
  }

  /** Whether another window has taken the run over, so that its end is no crash. Asked once, at the end of the run. */
  wasTaken(runId: string): boolean {
    const path = takeoverPath(this.folder, runId);
    if (!existsSync(path)) return false;
    rmSync(path, { force: true });
    return true;
  }

  delete(runId: string): void {
    if (this.#runs.delete(runId)) this.#soon();
  }

  /** For the end, when nothing runs any more; what still runs stays on record. */
  async close(): Promise<void> {
    await this.#written;
    if (this.#runs.size === 0) await this.#attempt(() => removeReplaceable(this.#path));
  }

  /** One write for all changes that are made while another is under way. */
  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#written = this.#written.then(() => {
      this.#isDue = false;
      return this.#attempt(() => this.#write());
    });
  }

  #write(): Promise<void> {
    return writeLedger(this.#path, this.own);
  }

  /** A full or read-only disk costs the record, never a server. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.reportError(error);
    }
  }
}
