import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';

/** A process and the ids of the sockets that it has open. */
export interface Holding<Entry extends Pick<ProcessEntry, 'pid'> = ProcessEntry> {
  readonly entry: Entry;
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

/** Then others get their turn, milliseconds. */
const maxTurnMs = 4;

/** Looks what the processes have open. Never rejects. */
export async function holdingsOf<Entry extends Pick<ProcessEntry, 'pid'>>(
  entries: readonly Entry[],
  platform: Platform,
): Promise<Holding<Entry>[]> {
  const holdings: Holding<Entry>[] = [];
  let begun = performance.now();
  for (const entry of entries) {
    holdings.push({ entry, sockets: await platform.socketsOf(entry.pid) });
    if (performance.now() - begun < maxTurnMs) continue;
    await nextTurn();
    begun = performance.now();
  }
  return holdings;
}

/** What the system does not tell is held by nobody, and the answer is not complete. */
export function holdersAmong(
  holdings: readonly Holding<Pick<ProcessEntry, 'pid'>>[],
  listeners: readonly Listener[],
): SocketHolders {
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
