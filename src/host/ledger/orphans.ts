import type { StopPlan } from '../../core/server/overrides.js';
import type { Survivor } from '../../core/server/state.js';
import {
  ledgerPath,
  readLedger,
  readLedgers,
  removeStaleFiles,
  removeUnfinished,
  writeLedger,
  type Ledger,
  type LedgerFile,
  type LedgerRun,
} from './ledgerFile.js';
import { isAlive } from '../platform/processIdentity.js';
import { hasHostEnded } from './closingHosts.js';
import { recordedRoot } from './recordedRoot.js';
import { removeLocalSocket } from '../system/localSocket.js';
import { removeReplaceable, renameFile } from '../system/replaceFile.js';
import { terminateForeignTree } from '../processTree/foreignTree.js';
import type { Platform } from '../platform/platform.js';
import type { TerminationReport } from '../processTree/terminate.js';
import { membersOf, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import type { Logger } from '../../core/common.js';
import type { Orphan, OrphanFate } from '../../core/server/otherWindows.js';
import { hostMarker } from '../system/processMarker.js';
import { processTable } from '../processTree/processTable.js';

export interface OrphanDeps {
  /** Folder of the ledger. */
  readonly folder: string;
  readonly platform: Platform;
  readonly log: Logger;
}

/** Result of stopping the servers of windows that ended without stopping them. */
export interface OrphanReport {
  /** Ids of the servers whose processes were found and stopped. */
  readonly ended: readonly string[];
  readonly survivors: readonly Survivor[];
}

type DecideFate = (run: LedgerRun) => OrphanFate;

const nothing: OrphanReport = { ended: [], survivors: [] };

/** A window whose process host is dead, as far as it must be known to stop what it left running. */
type DeadWindow = Pick<Ledger, 'windowId' | 'runs' | 'kept'> & { readonly host: { readonly pid: number } };

/** Returns the servers that outlive their process hosts. */
export async function findOrphans(deps: OrphanDeps): Promise<Orphan[]> {
  const ledgers = (await readLedgers(deps.folder)).flatMap((file) =>
    file.kind === 'ledger' ? [file.ledger] : [],
  );
  const dead: Ledger[] = [];
  await Promise.all(
    ledgers.map(async (ledger) => {
      if (await hasDeadHost(ledger, deps)) dead.push(ledger);
    }),
  );
  if (dead.length === 0) return [];
  const table = await deps.platform.list();
  const hasMembers = (ledger: Ledger, run: LedgerRun): boolean =>
    membersOf(recordedRoot(run, ledger.host.pid), table).length > 0;
  return dead.flatMap((ledger) =>
    ledger.runs.filter((run) => hasMembers(ledger, run)).map((run) => toOrphan(run, ledger)),
  );
}

/**
 * Stops what dead process hosts left running, except the runs for which `decideFate` decides otherwise. Never signals a
 * process that is not proven to be theirs: a record whose pid now belongs to another process, or that is older than the
 * last boot, is dropped.
 */
export async function terminateOrphans(
  deps: OrphanDeps,
  decideFate: DecideFate = () => 'ended',
): Promise<OrphanReport> {
  await removeUnfinished(deps.folder);
  const files = await readLedgers(deps.folder);
  const reports = await Promise.all(
    files.map((file) =>
      endOrphansInFile(file, deps, decideFate).catch((error: unknown) => {
        deps.log.error(`${file.path} is kept, since what it names could not be listed.`, error);
        return nothing;
      }),
    ),
  );
  await removeStaleFiles(deps.folder);
  return {
    ended: reports.flatMap(({ ended }) => ended),
    survivors: reports.flatMap(({ survivors }) => survivors),
  };
}

/**
 * Does the same for one window whose extension host lost its process host. Without a file, which a full disk may prevent,
 * the processes are found by their marker alone.
 */
export async function terminateOrphansOfWindow(
  windowId: string,
  hostPid: number,
  deps: OrphanDeps,
): Promise<OrphanReport> {
  const file = await readLedger(ledgerPath(deps.folder, windowId));
  const report =
    file?.kind === 'ledger'
      ? await endOrphansInFile(file, deps, () => 'ended')
      : await terminateRuns({ windowId, host: { pid: hostPid }, runs: [] }, [], deps.platform);
  await removeStaleFiles(deps.folder);
  return report;
}

/**
 * Does the same for a window that is dead itself. Records this process instead of the process host, so that no other
 * window repeats the work.
 */
export async function terminateOrphansOfDeadWindow(windowId: string, deps: OrphanDeps): Promise<void> {
  const file = await readLedger(ledgerPath(deps.folder, windowId));
  if (file?.kind !== 'ledger' || (await isAlive(file.ledger.host, deps.platform))) return;
  const host = await deps.platform.identify(process.pid);
  if (host) await writeLedger(file.path, { ...file.ledger, host, window: undefined });
  await endOrphansInLedger(file, deps, () => 'ended');
  await removeStaleFiles(deps.folder);
}

async function endOrphansInFile(
  file: LedgerFile,
  deps: OrphanDeps,
  decideFate: DecideFate,
): Promise<OrphanReport> {
  switch (file.kind) {
    case 'newer':
      deps.log.info(`${file.path} was written by a later version and is left alone.`);
      return nothing;
    case 'damaged':
      deps.log.error(`${file.path} is damaged (${file.problem}) and was put aside.`);
      await renameFile(file.path, `${file.path}.bad`).catch(() => undefined);
      return nothing;
    case 'ledger':
      return (await hasHostEnded(file.ledger, deps)) ? endOrphansInLedger(file, deps, decideFate) : nothing;
  }
}

async function endOrphansInLedger(
  { path, ledger }: Extract<LedgerFile, { kind: 'ledger' }>,
  { platform, log }: OrphanDeps,
  decideFate: DecideFate,
): Promise<OrphanReport> {
  const isOfThisBoot = (await platform.bootId()) === ledger.host.bootId;
  const kept = isOfThisBoot ? ledger.runs.filter((run) => decideFate(run) === 'kept') : [];
  const due = ledger.runs.filter((run) => decideFate(run) === 'ended');
  const report = isOfThisBoot ? await terminateRuns(ledger, due, platform) : nothing;
  if (kept.length > 0) await writeLedger(path, { ...ledger, runs: kept, kept: undefined });
  // A survivor stays on record and is stopped the next time.
  else if (report.survivors.length === 0) await removeRecord(path, ledger);
  if (report.ended.length > 0) log.info(`Ended what a window left running: ${report.ended.join(', ')}`);
  return report;
}

async function removeRecord(path: string, { link }: Ledger): Promise<void> {
  await removeReplaceable(path);
  if (link) await removeLocalSocket(link.address);
}

/** A tree to terminate, with the stop signal and grace of its server if they are on record. */
interface DueTree {
  readonly root: TreeRoot;
  readonly plan?: StopPlan | undefined;
}

/**
 * Stops the given runs of a window, and the processes that carry its marker without being on record. Rejects when the
 * processes cannot be listed, since nothing is known then.
 */
async function terminateRuns(
  window: DeadWindow,
  due: readonly LedgerRun[],
  platform: Platform,
): Promise<OrphanReport> {
  const table = processTable(platform);
  const toRoot = (name: string): TreeRoot => ({ name, process: undefined, parent: window.host.pid });
  const tried = new Set<string>();
  const unrecorded = async (): Promise<DueTree[]> => {
    const names = (await unrecordedRuns(window, table)).filter((name) => !tried.has(name));
    for (const name of names) tried.add(name);
    return names.map((name) => ({ root: toRoot(name) }));
  };
  const recorded: DueTree[] = [
    ...due.map((run) => ({ root: recordedRoot(run, window.host.pid), plan: run.stop })),
    ...(window.kept ?? []).map(({ runId, process }) => ({ root: { ...toRoot(runId), process } })),
    { root: toRoot(hostMarker(window.windowId)) },
  ];
  const reports: TerminationReport[] = [];
  let next = [...recorded, ...(await unrecorded())];
  while (next.length > 0) {
    const ends = next.map(({ root, plan }) => terminateForeignTree(root, { platform, table, plan }));
    reports.push(...(await Promise.all(ends)));
    // A process gets the id of its run only when its program starts, some time after the fork.
    next = await unrecorded();
  }
  const survivors = new Map(reports.flatMap((report) => report.survivors).map((each) => [each.pid, each]));
  return {
    ended: due.filter((_, index) => reports[index]?.found).map(({ serverId }) => serverId),
    survivors: [...survivors.values()],
  };
}

/** Returns the ids of runs that were started just before the window ended and are not on record. */
async function unrecordedRuns(
  { windowId, runs }: DeadWindow,
  table: SharedQuery<ProcessEntry>,
): Promise<string[]> {
  const known = new Set(runs.map(({ runId }) => runId));
  const entries = await table.get();
  const markers = new Set(entries.map(({ marker }) => marker ?? ''));
  return [...markers].filter((marker) => marker.startsWith(`${windowId}-`) && !known.has(marker));
}

/** Returns whether the process host is dead and its servers may live, which a reboot excludes. */
async function hasDeadHost(ledger: Ledger, deps: OrphanDeps): Promise<boolean> {
  const isOfThisBoot = (await deps.platform.bootId()) === ledger.host.bootId;
  return isOfThisBoot && (await hasHostEnded(ledger, deps));
}

function toOrphan(run: LedgerRun, { host }: Ledger): Orphan {
  return { ...run, url: run.url, hostPid: host.pid };
}
