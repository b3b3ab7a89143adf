import { setTimeout as sleep } from 'node:timers/promises';
import type { PortHolder, PortOwner, PortUse } from '../../core/tcpPorts/portUse.js';
import type { LedgerWriter, LedgerWindow } from '../ledger/ledgerWriter.js';
import { listenersOn, type Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import { bindability } from './tcpPorts.js';
import { probeHttp } from './httpProbe.js';
import { membersOf, programName, type ProcessEntry } from '../system/processes.js';
import { isContainerEngine } from './containerEngines.js';
import { holdersAmong } from './socketHolders.js';
import type { SystemTables } from './systemTables.js';

export interface PortHolderDeps extends SystemTables {
  readonly platform: Platform;
  readonly ledger: Pick<LedgerWriter, 'own' | 'others'>;
}

/** How long something may take to answer as a web server, which only decides whether it can be opened; milliseconds. */
const answerMs = 500;

/** Somebody else may be trying the port at this very moment, as this does; milliseconds. */
const trialMs = 30;

const maxCommand = 300;

/** Who listens on exactly this port. What cannot be seen is `unknown`, and never called free. */
export async function inspectPort(port: number, deps: PortHolderDeps): Promise<PortUse> {
  if ((await bindability(port)) === 'free') return { kind: 'free' };
  await sleep(trialMs);
  const bindable = await bindability(port);
  if (bindable === 'free') return { kind: 'free' };
  const listeners = listenersOn(port, await deps.sockets.get().catch(() => []));
  // A port that needs privileges to be tried is not taken for all that is known.
  if (bindable === 'unknown' && listeners.length === 0) return { kind: 'free' };
  const [holders, url] = await Promise.all([holdersOf(listeners, deps), urlAt(port, listeners)]);
  return holders.length === 0 ? { kind: 'unknown', url } : { kind: 'held', holders, url };
}

/** Of processes that share a socket the one that has it from nobody else. */
async function holdersOf(listeners: readonly Listener[], deps: PortHolderDeps): Promise<PortHolder[]> {
  const holdings = await deps.holdings.get().catch(() => []);
  const entries = holdings.map(({ entry }) => entry);
  const holders = holdersAmong(holdings, listeners);
  const pids = new Set(listeners.flatMap((listener) => holders.of(listener)));
  const first = entries.filter(({ pid, parent }) => pids.has(pid) && !pids.has(parent));
  const ownerOf = first.length === 0 ? undefined : await ownersAmong(entries, deps);
  return Promise.all(
    first.map((entry) => describe(entry, ownerOf?.(entry) ?? { kind: 'foreign' }, deps.platform)),
  );
}

async function describe(entry: ProcessEntry, owner: PortOwner, platform: Platform): Promise<PortHolder> {
  const { pid, startTime, command } = entry;
  const [bootId, folder] = await Promise.all([platform.bootId(), platform.folderOf(pid)]);
  return {
    process: { pid, startTime, bootId },
    name: programName(command),
    command: command.slice(0, maxCommand),
    folder,
    startedAt: platform.startedAt(startTime),
    owner,
  };
}

/** Tells of a process whose it is. */
async function ownersAmong(
  entries: readonly ProcessEntry[],
  { ledger }: PortHolderDeps,
): Promise<(entry: ProcessEntry) => PortOwner> {
  const editor = ancestorsOf(process.pid, entries);
  const { own } = ledger;
  const others = await ledger.others();
  return (entry) => {
    if (editor.has(entry.pid)) return { kind: 'editor' };
    const server = runWith(entry, [own], entries);
    if (server) return { kind: 'server', serverId: server.serverId };
    const run = runWith(entry, others, entries);
    if (run) {
      const { serverId, folder, cwd, url } = run;
      return { kind: 'otherWindow', run: { serverId, folder, cwd, url } };
    }
    if (entry.marker !== undefined && entry.marker !== '') return { kind: 'otherWindow', run: undefined };
    if (isContainerEngine(entry)) return { kind: 'containers' };
    return { kind: isOfElectron(entry) ? 'editor' : 'foreign' };
  };
}

/** The run on record to whose tree the process belongs. */
function runWith(
  entry: ProcessEntry,
  records: readonly LedgerWindow[],
  entries: readonly ProcessEntry[],
): LedgerWindow['runs'][number] | undefined {
  for (const { host, runs } of records) {
    const found = runs.find(({ runId, process }) =>
      membersOf({ name: runId, process, parent: host.pid }, entries).some(({ pid }) => pid === entry.pid),
    );
    if (found) return found;
  }
  return undefined;
}

/** The process host itself and what started it: the extension host, the editor, and so on to the first process. */
function ancestorsOf(pid: number, entries: readonly ProcessEntry[]): ReadonlySet<number> {
  const parents = new Map(entries.map((entry) => [entry.pid, entry.parent]));
  const found = new Set([1]);
  for (let each: number | undefined = pid; each !== undefined && !found.has(each); each = parents.get(each)) {
    found.add(each);
  }
  return found;
}

/** The editor's other processes, as extension hosts of other windows, are started with their kind in the command. */
function isOfElectron({ command }: ProcessEntry): boolean {
  return / --type=[\w-]+/u.test(command);
}

/** Where a browser of this machine would find what listens. */
async function urlAt(port: number, listeners: readonly Listener[]): Promise<string | undefined> {
  const url = `http://localhost:${port}/`;
  const addresses = new Set(listeners.flatMap(({ address }) => loopbackOf(address)));
  for (const address of addresses) {
    const { kind } = await probeHttp({ url, address }, AbortSignal.timeout(answerMs));
    if (kind === 'status') return url;
  }
  return undefined;
}

/** The loopback addresses at which something answers that listens at this one. */
function loopbackOf(address: string): string[] {
  if (address === '0.0.0.0' || address.startsWith('127.')) return ['127.0.0.1'];
  if (address === '::') return ['127.0.0.1', '::1'];
  return address === '::1' ? ['::1'] : [];
}
