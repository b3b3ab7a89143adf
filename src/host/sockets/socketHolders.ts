import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';

/** A process and the ids of its open sockets. */
export interface ProcessSockets<Entry extends Pick<ProcessEntry, 'pid'> = ProcessEntry> {
  readonly entry: Entry;
  /** `undefined` where the system hides them, or lists sockets with their processes instead. */
  readonly sockets: ReadonlySet<string> | undefined;
}

type SocketIds = Pick<Listener, 'id' | 'pids'>;

/** Maps sockets to the processes that have them open. */
export interface SocketHolders {
  /** Returns the pids of the processes that have the socket open. */
  of(socket: SocketIds): readonly number[];
  /** `true` when the system listed the sockets of every process. */
  readonly isComplete: boolean;
}

/** Maximum time before control returns to the event loop, milliseconds. */
const maxTurnMs = 4;

/** Lists the open sockets of the processes. Never rejects. */
export async function listProcessSockets<Entry extends Pick<ProcessEntry, 'pid'>>(
  entries: readonly Entry[],
  platform: Platform,
): Promise<ProcessSockets<Entry>[]> {
  const processSockets: ProcessSockets<Entry>[] = [];
  let turnStartedAt = performance.now();
  for (const entry of entries) {
    processSockets.push({ entry, sockets: await platform.socketsOf(entry.pid) });
    if (performance.now() - turnStartedAt < maxTurnMs) continue;
    await nextTurn();
    turnStartedAt = performance.now();
  }
  return processSockets;
}

/** Finds the holders among the processes. A hidden process holds no socket, and makes the result incomplete. */
export function findSocketHolders(
  processSockets: readonly ProcessSockets<Pick<ProcessEntry, 'pid'>>[],
  listeners: readonly SocketIds[],
): SocketHolders {
  const pidsToMatch = new Set(processSockets.map(({ entry }) => entry.pid));
  const needsSockets = listeners.some(({ pids }) => pids === undefined);
  return {
    of: ({ pids, id }) =>
      pids === undefined
        ? processSockets.filter(({ sockets }) => sockets?.has(id)).map(({ entry }) => entry.pid)
        : pids.filter((pid) => pidsToMatch.has(pid)),
    isComplete: !needsSockets || processSockets.every(({ sockets }) => sockets !== undefined),
  };
}
