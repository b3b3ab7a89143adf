import type { Listener } from './listeners.js';
import type { Platform } from './platform/platform.js';
import type { ProcessEntry } from './processTree.js';

/** Which of some processes hold which of some sockets. */
export interface SocketHolders {
  /** The pids of those that hold it. */
  of(listener: Listener): readonly number[];
  /** Whether the system told of every one of the processes what it holds. */
  readonly isComplete: boolean;
}

/** Never rejects: what the system does not tell is held by nobody, and the answer is not complete. */
export async function holdersAmong(
  entries: readonly ProcessEntry[],
  listeners: readonly Listener[],
  platform: Platform,
): Promise<SocketHolders> {
  const among = new Set(entries.map(({ pid }) => pid));
  // Where sockets come with their processes there is nothing to ask.
  const isOpen = listeners.some(({ pids }) => pids === undefined);
  const held = isOpen
    ? await Promise.all([...among].map(async (pid) => [pid, await platform.socketsOf(pid)] as const))
    : [];
  return {
    of: ({ pids, id }) =>
      pids === undefined
        ? held.filter(([, ids]) => ids?.has(id)).map(([pid]) => pid)
        : pids.filter((pid) => among.has(pid)),
    isComplete: held.every(([, ids]) => ids !== undefined),
  };
}
