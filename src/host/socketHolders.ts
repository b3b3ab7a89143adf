import type { Listener } from './listeners.js';
import type { Platform } from './platform/platform.js';
import type { ProcessEntry } from './processTree.js';

/** A process and the ids of the sockets that it has open. */
export interface Holding {
  readonly entry: ProcessEntry;
  /** `undefined` where the system does not tell, or tells the processes together with their sockets. */
  readonly sockets: ReadonlySet<string> | undefined;
}

/** Which of some processes hold which of some sockets. */
export interface SocketHolders {
  /** The pids of those that hold it. */
  of(listener: Listener): readonly number[];
  /** Whether the system told of every one of the processes what it holds. */
  readonly isComplete: boolean;
}

/** Looks what the processes have open. Never rejects. */
export function holdingsOf(entries: readonly ProcessEntry[], platform: Platform): Promise<Holding[]> {
  return Promise.all(entries.map(async (entry) => ({ entry, sockets: await platform.socketsOf(entry.pid) })));
}

/** What the system does not tell is held by nobody, and the answer is not complete. */
export function holdersAmong(holdings: readonly Holding[], listeners: readonly Listener[]): SocketHolders {
  const among = new Set(holdings.map(({ entry }) => entry.pid));
  const isOpen = listeners.some(({ pids }) => pids === undefined);
  return {
    of: ({ pids, id }) =>
      pids === undefined
        ? holdings.filter(({ sockets }) => sockets?.has(id)).map(({ entry }) => entry.pid)
        : pids.filter((pid) => among.has(pid)),
    isComplete: !isOpen || holdings.every(({ sockets }) => sockets !== undefined),
  };
}
