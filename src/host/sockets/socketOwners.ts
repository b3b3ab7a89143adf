import { listenersOn, type Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import { membersOf, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import { runsContainers } from '../processTree/containerClients.js';
import { daemonsAmong } from '../processTree/daemons.js';
import { isContainerEngine, processesInContainers } from './containerEngines.js';
import { findSocketHolders, listProcessSockets, type ProcessSockets } from './socketHolders.js';
import type { SystemTables } from './socketQueries.js';

export interface SocketScanDeps extends SystemTables {
  readonly platform: Platform;
}

/** The owner of a listening socket, as seen from one run; `isDaemon` where it has left the terminal of the run. */
type SocketOwner =
  | { readonly kind: 'own'; readonly pid: number; readonly isDaemon?: true }
  /** A container engine, on behalf of a server that runs containers. */
  | { readonly kind: 'published' }
  | { readonly kind: 'foreign' }
  /** Hidden by the system. */
  | { readonly kind: 'unknown' };

export interface OwnedSocket {
  readonly listener: Listener;
  readonly owner: SocketOwner;
}

/** The listening sockets of the machine at one moment, as seen from one run. */
export interface SocketScan {
  /** `false` when the system lists no sockets or no processes. */
  readonly isKnown: boolean;
  readonly sockets: readonly OwnedSocket[];
}

export function listenersOf({ sockets }: SocketScan): Listener[] {
  return sockets.map(({ listener }) => listener);
}

/** Lists the listening sockets with their owners. Never rejects; a hidden owner is `unknown`, and so is all after `signal`. */
export async function scanSockets(
  root: TreeRoot,
  deps: SocketScanDeps,
  signal: AbortSignal,
): Promise<SocketScan> {
  try {
    const [listeners, entries] = await Promise.all([deps.sockets.get(), deps.table.get()]);
    signal.throwIfAborted();
    const members = membersOf(root, entries);
    const holders = findSocketHolders(await listProcessSockets(members, deps.platform), listeners);
    const daemons = new Set(daemonsAmong(root, members).map(({ top }) => top.pid));
    const hasContainers = runsContainers(members);
    const engines = hasContainers ? entries.filter(isContainerEngine) : [];
    const containers = hasContainers ? [...engines, ...processesInContainers(entries)] : [];
    const published = findSocketHolders(await listProcessSockets(containers, deps.platform), listeners);
    // A container in the network of the machine may belong to another user, who hides its sockets.
    const seen = hasContainers ? findSocketHolders(await deps.processSockets.get(), listeners) : undefined;
    const isHidden = (listener: Listener): boolean =>
      seen?.isComplete === false && seen.of(listener).length === 0;
    const ownerOf = (listener: Listener): SocketOwner => {
      const [pid] = holders.of(listener);
      if (pid !== undefined) return { kind: 'own', pid, ...(daemons.has(pid) && { isDaemon: true }) };
      const isPublished =
        published.of(listener).length > 0 || engines.some((entry) => publishes(entry, listener));
      if (isPublished) return { kind: 'published' };
      if (isHidden(listener)) return { kind: 'unknown' };
      return { kind: holders.isComplete ? 'foreign' : 'unknown' };
    };
    return { isKnown: true, sockets: listeners.map((listener) => ({ listener, owner: ownerOf(listener) })) };
  } catch {
    return { isKnown: false, sockets: [] };
  }
}

/**
 * Lists the sockets on one port without listing all processes of the machine. Returns `undefined` unless the root and its
 * descendants hold all of them. Never rejects.
 */
export async function scanNearby(
  root: TreeRoot,
  port: number,
  deps: SocketScanDeps,
): Promise<SocketScan | undefined> {
  // Check this first: on systems without a list of children, the next step would run a tool.
  if (deps.platform.childrenOf(process.pid) === undefined) return undefined;
  const onPort = listenersOn(port, await deps.sockets.get().catch(() => []));
  const owned = onPort.length === 0 ? undefined : await ownedNearby(root, onPort, deps);
  return owned?.length === onPort.length ? { isKnown: true, sockets: owned } : undefined;
}

/**
 * Returns those of the sockets that the root and its descendants hold, without listing all processes of the machine.
 * Returns `undefined` where that is not possible. Never rejects.
 */
export async function ownedNearby(
  root: TreeRoot,
  listeners: readonly Listener[],
  deps: SocketScanDeps,
): Promise<OwnedSocket[] | undefined> {
  const processSockets = await processSocketsNearby(root, deps).catch(() => undefined);
  if (!processSockets) return undefined;
  const holders = findSocketHolders(processSockets, listeners);
  return listeners.flatMap((listener): OwnedSocket[] => {
    const [pid] = holders.of(listener);
    return pid === undefined ? [] : [{ listener, owner: { kind: 'own', pid } }];
  });
}

/** Returns the ids of all sockets that the root and its descendants hold, as `ownedNearby`. */
export async function socketIdsNearby(
  root: TreeRoot,
  deps: SocketScanDeps,
): Promise<ReadonlySet<string> | undefined> {
  const processSockets = await processSocketsNearby(root, deps).catch(() => undefined);
  if (!processSockets) return undefined;
  const ids = new Set<string>();
  for (const { sockets = [] } of processSockets) for (const id of sockets) ids.add(id);
  return ids;
}

async function processSocketsNearby(
  { process: root }: TreeRoot,
  { platform }: SocketScanDeps,
): Promise<ProcessSockets<Pick<ProcessEntry, 'pid'>>[] | undefined> {
  const pids = root ? withDescendants(root.pid, platform) : [];
  if (pids.length === 0 || !root || !(await isAlive(root, platform))) return undefined;
  return listProcessSockets(
    pids.map((pid) => ({ pid })),
    platform,
  );
}

/** Returns the process and its descendants, parents first; none where listing them needs a tool. */
function withDescendants(pid: number, platform: Platform): number[] {
  const children = platform.childrenOf(pid);
  return children ? [pid, ...children.flatMap((child) => withDescendants(child, platform))] : [];
}

/** Returns the process that has a socket open; `undefined` when the system hides it. */
export async function socketHolder(
  listener: Listener,
  deps: SocketScanDeps,
): Promise<ProcessEntry | undefined> {
  const processSockets = await deps.processSockets.get().catch(() => []);
  const [pid] = findSocketHolders(processSockets, [listener]).of(listener);
  return processSockets.find(({ entry }) => entry.pid === pid)?.entry;
}

/** Recognizes the proxy of a container engine by the port in its command line, which is visible to all users. */
function publishes({ command }: ProcessEntry, { port }: Listener): boolean {
  return new RegExp(`\\s-host-port[ =]${port}(?:\\s|$)`).test(command);
}
