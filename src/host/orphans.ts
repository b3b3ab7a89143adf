import { rename } from 'node:fs/promises';
import { isAlive } from './otherWindows.js';
import type { Log } from '../core/ports.js';
import type { Survivor } from '../core/serverState.js';
import {
  ledgerPath,
  readLedger,
  readLedgers,
  removeLedger,
  removeUnfinished,
  type Ledger,
  type LedgerFile,
} from './ledgerFile.js';
import type { Platform } from './platform/platform.js';
import type { TreeRoot } from './processTree.js';
import { SharedTable } from './sharedTable.js';
import { stopTree } from './stopTree.js';

/** Polite wait for servers whose window is gone, milliseconds. */
const orphanGraceMs = 2000;

export interface OrphanPorts {
  /** Folder of the ledger. */
  readonly folder: string;
  readonly platform: Platform;
  readonly log: Log;
}

/** What was found of windows that ended without ending their servers. */
export interface OrphanReport {
  /** Ids of the servers of which processes were ended. */
  readonly ended: readonly string[];
  readonly survivors: readonly Survivor[];
}

/**
 * Ends what process hosts left running that are dead themselves. Never signals what cannot be proven to be theirs: a pid
 * that now belongs to somebody else, or a record from before the machine was started anew, is dropped.
 */
export async function endOrphans(ports: OrphanPorts): Promise<OrphanReport> {
  await removeUnfinished(ports.folder);
  const files = await readLedgers(ports.folder);
  const reports = await Promise.all(files.map((file) => settleFile(file, ports)));
  return {
    ended: reports.flatMap(({ ended }) => ended),
    survivors: reports.flatMap(({ survivors }) => survivors),
  };
}

/**
 * The same for one window, whose process host its own extension host has lost. Without a file, which a full disk may have
 * cost, the marker alone tells.
 */
export async function endOrphansOfWindow(
  windowId: string,
  hostPid: number,
  ports: OrphanPorts,
): Promise<OrphanReport> {
  const path = ledgerPath(ports.folder, windowId);
  const file = await readLedger(path);
  if (file?.kind === 'ledger') return settleLedger(path, file.ledger, ports);
  return endOrphansOf({ windowId, host: { pid: hostPid }, runs: [] }, ports.platform);
}

/** Ends whatever lives of one window whose process host is known to be dead. */
async function endOrphansOf(ledger: Remains, platform: Platform): Promise<OrphanReport> {
  const table = new SharedTable(() => platform.list());
  const roots = [
    ...ledger.runs.map(({ runId, process }) => rootOf(ledger, runId, process)),
    rootOf(ledger, ledger.windowId),
  ];
  const stops = roots.map(
    (root) =>
      stopTree({
        root,
        signal: 'SIGTERM',
        graceMs: orphanGraceMs,
        platform,
        table,
        askPolitely: () => undefined,
        isCollected: () => true,
        collected: Promise.resolve(),
      }).report,
  );
  const reports = await Promise.all(stops);
  const ended = ledger.runs.filter((_, index) => reports[index]?.found).map(({ serverId }) => serverId);
  const survivors = new Map(reports.flatMap((report) => report.survivors).map((each) => [each.pid, each]));
  return { ended, survivors: [...survivors.values()] };
}

/** What must be known of a window to end what it left. */
type Remains = Pick<Ledger, 'windowId' | 'runs'> & { readonly host: { readonly pid: number } };

const nothing: OrphanReport = { ended: [], survivors: [] };

async function settleFile(file: LedgerFile, ports: OrphanPorts): Promise<OrphanReport> {
  switch (file.kind) {
    case 'newer':
      ports.log.info(`${file.path} was written by a later version and is left alone.`);
      return nothing;
    case 'damaged':
      ports.log.error(`${file.path} is damaged (${file.problem}) and was put aside.`);
      await rename(file.path, `${file.path}.bad`).catch(() => undefined);
      return nothing;
    case 'ledger':
      return settleLedger(file.path, file.ledger, ports);
  }
}

async function settleLedger(
  path: string,
  ledger: Ledger,
  { platform, log }: OrphanPorts,
): Promise<OrphanReport> {
  if (await isAlive(ledger.host, platform)) return nothing;
  const report =
    (await platform.bootId()) === ledger.host.bootId ? await endOrphansOf(ledger, platform) : nothing;
  // What cannot be ended now may be ended the next time.
  if (report.survivors.length === 0) await removeLedger(path);
  if (report.ended.length > 0) log.info(`Ended what a window left running: ${report.ended.join(', ')}`);
  return report;
}

function rootOf(ledger: Remains, name: string, process?: TreeRoot['process']): TreeRoot {
  return { name, process, parent: ledger.host.pid };
}
