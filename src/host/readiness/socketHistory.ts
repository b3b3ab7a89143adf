import type { SocketScan } from '../sockets/socketOwners.js';
import type { Listener } from '../system/listeners.js';
import { firstEphemeralPort } from './endpointChoice.js';

/** Time after which an unannounced socket counts as the server's; until then it may be for anything; milliseconds. */
const settledMs = 500;

/** The same for a socket that is most likely for the processes of the server, as between wrangler and workerd. */
const internalSettledMs = 10_000;

/** Times of a socket, on the clock of `performance.now`. */
interface SeenSocket {
  readonly firstSeen: number;
  /** When it counts without an announcement. */
  readonly settlesAt: number;
}

/** Remembers the sockets of a server over its scans. */
export class SocketHistory {
  readonly #seen = new Map<string, SeenSocket>();
  readonly #ports = new Set<number>();

  /** Ports on which the server has listened, or an announced port was published for it. */
  get ports(): readonly number[] {
    return [...this.#ports];
  }

  add({ sockets }: SocketScan, announced: ReadonlyMap<number, string>): void {
    for (const { listener, owner } of sockets) {
      if (owner.kind !== 'own' && owner.kind !== 'published') continue;
      if (!this.#seen.has(listener.id)) this.#seen.set(listener.id, seenNow(listener));
      if (owner.kind === 'own' || announced.has(listener.port)) this.#ports.add(listener.port);
    }
  }

  /** Returns the milliseconds until the next of the sockets has existed long enough; `undefined` if all have. */
  settlesIn(ids: readonly string[]): number | undefined {
    const now = performance.now();
    const rests = ids.map((id) => (this.#seen.get(id)?.settlesAt ?? now) - now).filter((rest) => rest > 0);
    return rests.length === 0 ? undefined : Math.min(...rests);
  }

  /** Returns whether a socket has appeared after this time, on the clock of `performance.now`. */
  hasSince(time: number): boolean {
    return [...this.#seen.values()].some(({ firstSeen }) => firstSeen > time);
  }

  /** Returns whether the socket has existed long enough to count without an announcement. */
  isSettled(id: string): boolean {
    return performance.now() >= (this.#seen.get(id)?.settlesAt ?? Number.POSITIVE_INFINITY);
  }
}

function seenNow(listener: Listener): SeenSocket {
  const firstSeen = performance.now();
  return { firstSeen, settlesAt: firstSeen + (isInternal(listener) ? internalSettledMs : settledMs) };
}

/** The system has most likely chosen the port, and no other machine can connect to it. */
function isInternal({ address, port }: Listener): boolean {
  return port >= firstEphemeralPort && (address === '::1' || address.startsWith('127.'));
}
