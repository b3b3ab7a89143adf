import type { Listener } from './listeners.js';
import type { Platform } from './platform/platform.js';
import { membersOf, type ProcessEntry, type TreeRoot } from './processTree.js';
import { isPublisher, runsContainers } from './publishers.js';
import type { SharedTable } from './sharedTable.js';

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
      const pid = holders.pidOf(listener);
      if (pid !== undefined) return { kind: 'own', pid };
      const isPublished =
        published.pidOf(listener) !== undefined || containers.some((entry) => publishes(entry, listener));
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
  const pid = holders.pidOf(listener);
  return entries.find((entry) => entry.pid === pid);
}

interface Holders {
  pidOf(listener: Listener): number | undefined;
  /** Whether the system told of every one of the processes what it holds. */
  readonly isComplete: boolean;
}

async function holdersAmong(
  entries: readonly ProcessEntry[],
  listeners: readonly Listener[],
  platform: Platform,
): Promise<Holders> {
  const among = new Set(entries.map(({ pid }) => pid));
  // Where sockets come with their processes there is nothing to ask.
  const isOpen = listeners.some(({ pids }) => pids === undefined);
  const held = isOpen
    ? await Promise.all([...among].map(async (pid) => [pid, await platform.socketsOf(pid)] as const))
    : [];
  return {
    pidOf: ({ pids, id }) =>
      pids === undefined ? held.find(([, ids]) => ids?.has(id))?.[0] : pids.find((pid) => among.has(pid)),
    isComplete: held.every(([, ids]) => ids !== undefined),
  };
}

/** The proxy of a container engine says in its command for which port it stands, also to those who may not look into it. */
function publishes({ command }: ProcessEntry, { port }: Listener): boolean {
  return new RegExp(`\\s-host-port[ =]${port}(?:\\s|$)`).test(command);
}
