import { setTimeout as sleep } from 'node:timers/promises';
import type { PortHolder, PortOwner, PortUse } from '../../core/tcpPorts/portUse.js';
import type { LedgerWriter, LedgerWindow } from '../ledger/ledgerWriter.js';
import { recordedRoot } from '../ledger/recordedRoot.js';
import { listenersOn, type Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import { bindability } from './tcpPorts.js';
import { probeHttp } from './httpProbe.js';
import { membersOf, programName, type ProcessEntry } from '../system/processes.js';
import { isContainerEngine } from './containerEngines.js';
import { findSocketHolders } from './socketHolders.js';
import type { SystemTables } from './socketQueries.js';

export interface PortHolderDeps extends SystemTables {
  readonly platform: Platform;
  readonly ledger: Pick<LedgerWriter, 'own' | 'others'>;
}

/** Maximum time for the response that makes a port holder count as a web server, milliseconds. */
const responseMs = 500;

/** Pause before the second test of a port, since another process may be testing it at the same moment; milliseconds. */
const retestMs = 30;

const maxCommandLength = 300;

/** Returns the processes that listen on exactly this port; `unknown`, and never `free`, when the system hides them. */
export async function inspectPort(port: number, deps: PortHolderDeps): Promise<PortUse> {
  if ((await bindability(port)) === 'free') return { kind: 'free' };
  await sleep(retestMs);
  const bindable = await bindability(port);
  if (bindable === 'free') return { kind: 'free' };
  const listeners = listenersOn(port, await deps.sockets.get().catch(() => []));
  // A port that needs privileges cannot be tested; without a listener it counts as free.
  if (bindable === 'unknown' && listeners.length === 0) return { kind: 'free' };
  const [holders, url] = await Promise.all([findHolders(listeners, deps), findUrl(port, listeners)]);
  if (holders.length > 0) return { kind: 'held', holders, url };
  return { kind: 'unknown', url, ...(bindable === 'reserved' && { isReserved: true }) };
}

/**
 * Returns the processes that hold these sockets, without a request to them; none that the system hides. Of processes that
 * share an inherited socket, only the topmost counts.
 */
export async function findHolders(
  listeners: readonly Listener[],
  deps: PortHolderDeps,
): Promise<PortHolder[]> {
  const processSockets = await deps.processSockets.get().catch(() => []);
  const entries = processSockets.map(({ entry }) => entry);
  const holders = findSocketHolders(processSockets, listeners);
  const pids = new Set(listeners.flatMap((listener) => holders.of(listener)));
  const topmost = entries.filter(({ pid, parent }) => pids.has(pid) && !pids.has(parent));
  const classify = topmost.length === 0 ? undefined : await ownerClassifier(entries, deps);
  return Promise.all(
    topmost.map((entry) => describe(entry, classify?.(entry) ?? { kind: 'foreign' }, deps.platform)),
  );
}

async function describe(entry: ProcessEntry, owner: PortOwner, platform: Platform): Promise<PortHolder> {
  const { pid, startTime, command } = entry;
  const [bootId, folder] = await Promise.all([platform.bootId(), platform.folderOf(pid)]);
  return {
    process: { pid, startTime, bootId },
    name: programName(command),
    command: command.slice(0, maxCommandLength),
    folder,
    startedAt: platform.startedAt(startTime),
    owner,
  };
}

/** Returns a function that classifies the owner of a process. */
async function ownerClassifier(
  entries: readonly ProcessEntry[],
  { ledger }: PortHolderDeps,
): Promise<(entry: ProcessEntry) => PortOwner> {
  const editor = ancestorsOf(process.pid, entries);
  const { own } = ledger;
  const others = await ledger.others();
  return (entry) => {
    if (editor.has(entry.pid)) return { kind: 'editor' };
    const server = recordedRun(entry, [own], entries);
    if (server) return { kind: 'server', serverId: server.serverId };
    const run = recordedRun(entry, others, entries);
    if (run) {
      const { serverId, folder, cwd, url } = run;
      return { kind: 'otherWindow', run: { serverId, folder, cwd, url } };
    }
    if (entry.marker !== undefined && entry.marker !== '') return { kind: 'otherWindow', run: undefined };
    if (isContainerEngine(entry)) return { kind: 'containers' };
    return { kind: isElectronProcess(entry) ? 'editor' : 'foreign' };
  };
}

/** Returns the recorded run whose tree contains the process. */
function recordedRun(
  entry: ProcessEntry,
  records: readonly LedgerWindow[],
  entries: readonly ProcessEntry[],
): LedgerWindow['runs'][number] | undefined {
  for (const { host, runs } of records) {
    const found = runs.find((run) =>
      membersOf(recordedRoot(run, host.pid), entries).some(({ pid }) => pid === entry.pid),
    );
    if (found) return found;
  }
  return undefined;
}

/** Returns the process host and its ancestors: the extension host, the editor, and so on up to the first process. */
function ancestorsOf(pid: number, entries: readonly ProcessEntry[]): ReadonlySet<number> {
  const parents = new Map(entries.map((entry) => [entry.pid, entry.parent]));
  const found = new Set([1]);
  for (let each: number | undefined = pid; each !== undefined && !found.has(each); each = parents.get(each)) {
    found.add(each);
  }
  return found;
}

/** Recognizes other processes of the editor, such as extension hosts of other windows, by their `--type` option. */
function isElectronProcess({ command }: ProcessEntry): boolean {
  return / --type=[\w-]+/u.test(command);
}

/** Returns the URL for a browser on this machine, if a web server answers on the port. */
async function findUrl(port: number, listeners: readonly Listener[]): Promise<string | undefined> {
  const url = `http://localhost:${port}/`;
  const addresses = new Set(listeners.flatMap(({ address }) => loopbackAddresses(address)));
  for (const address of addresses) {
    const { outcome } = await probeHttp({ url, address }, AbortSignal.timeout(responseMs));
    if (outcome.kind === 'status') return url;
  }
  return undefined;
}

/** Returns the loopback addresses that lead to a socket bound to this address. */
function loopbackAddresses(address: string): string[] {
  if (address === '0.0.0.0' || address.startsWith('127.')) return ['127.0.0.1'];
  if (address === '::') return ['127.0.0.1', '::1'];
  return address === '::1' ? ['::1'] : [];
}
