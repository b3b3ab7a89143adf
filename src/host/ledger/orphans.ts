import { rename } from 'node:fs/promises';
import type { Survivor } from '../../core/server/state.js';
import {
  ledgerPath,
  readLedger,
  readLedgers,
  removeUnfinished,
  writeLedger,
  type Ledger,
  type LedgerFile,
  type LedgerRun,
} from './ledgerFile.js';
import { removeReplaceable } from '../system/replaceFile.js';
import { terminateForeignTree } from '../processTree/endTree.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import { membersOf, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import type { Logger } from '../../core/common.js';
import type { Orphan, OrphanFate } from '../../core/server/otherWindows.js';
import { hostMarker } from '../system/marker.js';
import { processTable } from '../processTree/processTable.js';

export interface OrphanDeps {
  /** Folder of the ledger. */
  readonly folder: string;
  readonly platform: Platform;
  readonly log: Logger;
}

/** What was found of windows that ended without ending their servers. */
export interface OrphanReport {
  /** Ids of the servers of which processes were ended. */
  readonly ended: readonly string[];
  readonly survivors: readonly Survivor[];
}

type Fates = (run: LedgerRun) => OrphanFate;

const nothing: OrphanReport = { ended: [], survivors: [] };

/** What must be known of a window to end what it left. */
type Remains = Pick<Ledger, 'windowId' | 'runs'> & { readonly host: { readonly pid: number } };

/** The servers that live though their process hosts are dead. */
export async function findOrphans(deps: OrphanDeps): Promise<Orphan[]> {
  const ledgers = (await readLedgers(deps.folder)).flatMap((file) =>
    file.kind === 'ledger' ? [file.ledger] : [],
  );
  const dead: Ledger[] = [];
  for (const ledger of ledgers) if (await hasDied(ledger, deps.platform)) dead.push(ledger);
  if (dead.length === 0) return [];
  const table = await deps.platform.list();
  const lives = (ledger: Ledger, run: LedgerRun): boolean => membersOf(rootOf(ledger, run), table).length > 0;
  return dead.flatMap((ledger) =>
    ledger.runs.filter((run) => lives(ledger, run)).map((run) => orphanOf(run, ledger)),
  );
}

/**
 * Ends what process hosts left running that are dead themselves, unless another fate is decided for a run. Never signals what cannot
 * be proven to be theirs: a pid that now belongs to somebody else, or a record from before the machine was started anew,
 * is dropped.
 */
export async function terminateOrphans(
  deps: OrphanDeps,
  fateOf: Fates = () => 'ended',
): Promise<OrphanReport> {
  await removeUnfinished(deps.folder);
  const files = await readLedgers(deps.folder);
  const reports = await Promise.all(files.map((file) => settleFile(file, deps, fateOf)));
  return {
    ended: reports.flatMap(({ ended }) => ended),
    survivors: reports.flatMap(({ survivors }) => survivors),
  };
}

/**
 * The same for one window, whose process host its own extension host has lost. Without a file, which a full disk may have
 * cost, the marker alone tells.
 */
export async function terminateOrphansOfWindow(
  windowId: string,
  hostPid: number,
  deps: OrphanDeps,
): Promise<OrphanReport> {
  const file = await readLedger(ledgerPath(deps.folder, windowId));
  if (file?.kind === 'ledger') return settleFile(file, deps, () => 'ended');
  return endRuns({ windowId, host: { pid: hostPid }, runs: [] }, [], deps.platform);
}

async function settleFile(file: LedgerFile, deps: OrphanDeps, fateOf: Fates): Promise<OrphanReport> {
  switch (file.kind) {
    case 'newer':
      deps.log.info(`${file.path} was written by a later version and is left alone.`);
      return nothing;
    case 'damaged':
      deps.log.error(`${file.path} is damaged (${file.problem}) and was put aside.`);
      await rename(file.path, `${file.path}.bad`).catch(() => undefined);
      return nothing;
    case 'ledger':
      return (await isAlive(file.ledger.host, deps.platform)) ? nothing : settleLedger(file, deps, fateOf);
  }
}

async function settleLedger(
  { path, ledger }: Extract<LedgerFile, { kind: 'ledger' }>,
  { platform, log }: OrphanDeps,
  fateOf: Fates,
): Promise<OrphanReport> {
  const isOfThisBoot = (await platform.bootId()) === ledger.host.bootId;
  const kept = isOfThisBoot ? ledger.runs.filter((run) => fateOf(run) === 'kept') : [];
  const due = ledger.runs.filter((run) => fateOf(run) === 'ended');
  const report = isOfThisBoot ? await endRuns(ledger, due, platform) : nothing;
  if (kept.length > 0) await writeLedger(path, { ...ledger, runs: kept });
  // What cannot be ended now may be ended the next time.
  else if (report.survivors.length === 0) await removeReplaceable(path);
  if (report.ended.length > 0) log.info(`Ended what a window left running: ${report.ended.join(', ')}`);
  return report;
}

/** Ends the runs of a window that are due, and what no record but only a marker tells of. */
async function endRuns(
  remains: Remains,
  due: readonly LedgerRun[],
  platform: Platform,
): Promise<OrphanReport> {
  const table = processTable(platform);
  const unknown = [hostMarker(remains.windowId), ...(await unrecorded(remains, table))];
  const roots: TreeRoot[] = [
    ...due.map((run) => rootOf(remains, run)),
    ...unknown.map((name) => ({ name, process: undefined, parent: remains.host.pid })),
  ];
  const reports = await Promise.all(roots.map((root) => terminateForeignTree(root, platform, table)));
  const survivors = new Map(reports.flatMap((report) => report.survivors).map((each) => [each.pid, each]));
  return {
    ended: due.filter((_, index) => reports[index]?.found).map(({ serverId }) => serverId),
    survivors: [...survivors.values()],
  };
}

/** Ids of runs that were started just before the end, when there was no time to record them. */
async function unrecorded({ windowId, runs }: Remains, table: SharedQuery<ProcessEntry>): Promise<string[]> {
  const known = new Set(runs.map(({ runId }) => runId));
  const entries = await table.get().catch(() => []);
  const markers = new Set(entries.map(({ marker }) => marker ?? ''));
  return [...markers].filter((marker) => marker.startsWith(`${windowId}-`) && !known.has(marker));
}

/** Whether its process host is dead and its servers may live: they do not when the machine was started anew since. */
async function hasDied({ host }: Ledger, platform: Platform): Promise<boolean> {
  return (await platform.bootId()) === host.bootId && !(await isAlive(host, platform));
}

function rootOf({ host }: Remains, { runId, process }: LedgerRun): TreeRoot {
  return { name: runId, process, parent: host.pid };
}

function orphanOf({ runId, serverId, folder, cwd, process, url }: LedgerRun, { host }: Ledger): Orphan {
  return { runId, serverId, folder, cwd, process, url, hostPid: host.pid };
}
