import { listenersOn, type Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import { membersOf, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import { isContainerEngine, runsContainers } from './containerEngines.js';
import { holdersAmong, holdingsOf } from './socketHolders.js';
import type { SystemTables } from './systemTables.js';

export interface SocketScanDeps extends SystemTables {
  readonly platform: Platform;
}

/** Whose a listening socket is. */
type SocketOwner =
  | { readonly kind: 'own'; readonly pid: number }
  /** A container engine's, for a server that runs containers. */
  | { readonly kind: 'published' }
  | { readonly kind: 'foreign' }
  /** The system does not let us see. */
  | { readonly kind: 'unknown' };

export interface OwnedSocket {
  readonly listener: Listener;
  readonly owner: SocketOwner;
}

/** The sockets of the machine that listen, as one run sees them at one moment. */
export interface SocketScan {
  /** `false` when the system tells nothing of sockets or processes. */
  readonly isKnown: boolean;
  readonly sockets: readonly OwnedSocket[];
}

/** Looks who listens. Never rejects: what the system does not tell is `unknown`, and so is all when `signal` ends it early. */
export async function scanSockets(
  root: TreeRoot,
  deps: SocketScanDeps,
  signal: AbortSignal,
): Promise<SocketScan> {
  try {
    const [listeners, entries] = await Promise.all([deps.sockets.get(), deps.table.get()]);
    signal.throwIfAborted();
    const members = membersOf(root, entries);
    const holders = holdersAmong(await holdingsOf(members, deps.platform), listeners);
    const containers = runsContainers(members) ? entries.filter(isContainerEngine) : [];
    const published = holdersAmong(await holdingsOf(containers, deps.platform), listeners);
    const ownerOf = (listener: Listener): SocketOwner => {
      const [pid] = holders.of(listener);
      if (pid !== undefined) return { kind: 'own', pid };
      const isPublished =
        published.of(listener).length > 0 || containers.some((entry) => publishes(entry, listener));
      if (isPublished) return { kind: 'published' };
      return { kind: holders.isComplete ? 'foreign' : 'unknown' };
    };
    return { isKnown: true, sockets: listeners.map((listener) => ({ listener, owner: ownerOf(listener) })) };
  } catch {
    return { isKnown: false, sockets: [] };
  }
}

/**
 * The sockets on one port, without a look at the processes of the machine: only when each of them is held by the root or by
 * what descends from it, else `undefined`. Never rejects.
 */
export async function scanNearby(
  root: TreeRoot,
  port: number,
  { platform, sockets }: SocketScanDeps,
): Promise<SocketScan | undefined> {
  try {
    const family = root.process ? descendantsOf(root.process.pid, platform) : [];
    // Before anything that another system would answer by a tool.
    if (family.length === 0 || !root.process || !(await isAlive(root.process, platform))) return undefined;
    const there = listenersOn(port, await sockets.get());
    if (there.length === 0) return undefined;
    const holdings = await holdingsOf(
      family.map((pid) => ({ pid })),
      platform,
    );
    const holders = holdersAmong(holdings, there);
    const owned = there.flatMap((listener): OwnedSocket[] => {
      const [pid] = holders.of(listener);
      return pid === undefined ? [] : [{ listener, owner: { kind: 'own', pid } }];
    });
    return owned.length === there.length ? { isKnown: true, sockets: owned } : undefined;
  } catch {
    return undefined;
  }
}

/** With the process itself, which comes first. None where the system does not tell them at once. */
function descendantsOf(pid: number, platform: Platform): number[] {
  const children = platform.childrenOf(pid);
  return children ? [pid, ...children.flatMap((child) => descendantsOf(child, platform))] : [];
}

/** The process of the machine that holds a socket; `undefined` when the system does not tell. */
export async function socketHolder(
  listener: Listener,
  deps: SocketScanDeps,
): Promise<ProcessEntry | undefined> {
  const holdings = await deps.holdings.get().catch(() => []);
  const [pid] = holdersAmong(holdings, [listener]).of(listener);
  return holdings.find(({ entry }) => entry.pid === pid)?.entry;
}

/** The proxy of a container engine says in its command for which port it stands, also to those who may not look into it. */
function publishes({ command }: ProcessEntry, { port }: Listener): boolean {
  return new RegExp(`\\s-host-port[ =]${port}(?:\\s|$)`).test(command);
}
