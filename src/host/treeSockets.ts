import type { Listener } from './listeners.js';
import type { Platform } from './platform/platform.js';
import { membersOf, type ProcessEntry, type TreeRoot } from './processTree.js';
import { isPublisher, runsContainers } from './publishers.js';
import type { SharedTable } from './sharedTable.js';
import { holdersAmong } from './socketHolders.js';

export interface SocketPorts {
  readonly platform: Platform;
  readonly table: SharedTable<ProcessEntry>;
  readonly sockets: SharedTable<Listener>;
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
export interface SocketLook {
  /** `false` when the system tells nothing of sockets or processes. */
  readonly isTold: boolean;
  readonly sockets: readonly OwnedSocket[];
}

/** Looks who listens. Never rejects: what the system does not tell is `unknown`. */
export async function lookAtSockets(root: TreeRoot, ports: SocketPorts): Promise<SocketLook> {
  try {
    const [listeners, entries] = await Promise.all([ports.sockets.look(), ports.table.look()]);
    const members = membersOf(root, entries);
    const holders = await holdersAmong(members, listeners, ports.platform);
    const containers = runsContainers(members) ? entries.filter(isPublisher) : [];
    const published = await holdersAmong(containers, listeners, ports.platform);
    const ownerOf = (listener: Listener): SocketOwner => {
      const [pid] = holders.of(listener);
      if (pid !== undefined) return { kind: 'own', pid };
      const isPublished =
        published.of(listener).length > 0 || containers.some((entry) => publishes(entry, listener));
      if (isPublished) return { kind: 'published' };
      return { kind: holders.isComplete ? 'foreign' : 'unknown' };
    };
    return { isTold: true, sockets: listeners.map((listener) => ({ listener, owner: ownerOf(listener) })) };
  } catch {
    return { isTold: false, sockets: [] };
  }
}

/** The process of the machine that holds a socket; `undefined` when the system does not tell. */
export async function holderOf(listener: Listener, ports: SocketPorts): Promise<ProcessEntry | undefined> {
  const entries = await ports.table.look().catch(() => []);
  const holders = await holdersAmong(entries, [listener], ports.platform);
  const [pid] = holders.of(listener);
  return entries.find((entry) => entry.pid === pid);
}

/** The proxy of a container engine says in its command for which port it stands, also to those who may not look into it. */
function publishes({ command }: ProcessEntry, { port }: Listener): boolean {
  return new RegExp(`\\s-host-port[ =]${port}(?:\\s|$)`).test(command);
}
