import type { SocketScan } from '../sockets/socketOwners.js';
import type { Listener } from '../system/listeners.js';
import { firstEphemeralPort } from './endpointChoice.js';
import type { OutputFacts } from './outputFacts.js';

/** Time after which an unannounced socket counts as the server's; until then it may be for anything; milliseconds. */
const settledMs = 500;

/**
 * The same for a socket that the server's processes may use among themselves, such as wrangler and workerd. Tools with
 * such sockets have printed something by then, and will print their address.
 */
const internalSettledMs = 10_000;

interface SeenSocket {
  /** On the clock of `performance.now`. */
  readonly firstSeen: number;
  readonly mayBeInternal: boolean;
}

/** Remembers the sockets of a server over its scans. */
export class SocketHistory {
  readonly #seen = new Map<string, SeenSocket>();
  readonly #ports = new Set<number>();

  constructor(private readonly facts: Pick<OutputFacts, 'firstOutputAt'>) {}

  /** Ports on which the server has listened, or an announced port was published for it. */
  get ports(): readonly number[] {
    return [...this.#ports];
  }

  add({ sockets }: SocketScan, announced: ReadonlyMap<number, string>): void {
    for (const { listener, owner } of sockets) {
      if (owner.kind !== 'own' && owner.kind !== 'published') continue;
      if (!this.#seen.has(listener.id))
        this.#seen.set(listener.id, { firstSeen: performance.now(), mayBeInternal: isInternal(listener) });
      if (owner.kind === 'own' || announced.has(listener.port)) this.#ports.add(listener.port);
    }
  }

  /** Returns the milliseconds until the next of the sockets has existed long enough; `undefined` if all have. */
  settlesIn(ids: readonly string[]): number | undefined {
    const now = performance.now();
    const rests = ids
      .flatMap((id) => this.#seen.get(id) ?? [])
      .map((seen) => this.#settlesAt(seen) - now)
      .filter((rest) => rest > 0);
    return rests.length === 0 ? undefined : Math.min(...rests);
  }

  /** Returns whether a socket has appeared after this time, on the clock of `performance.now`. */
  hasSince(time: number): boolean {
    return [...this.#seen.values()].some(({ firstSeen }) => firstSeen > time);
  }

  /** Returns whether the socket has existed long enough to count without an announcement. */
  isSettled(id: string): boolean {
    const seen = this.#seen.get(id);
    return seen !== undefined && performance.now() >= this.#settlesAt(seen);
  }

  /** Returns when a socket counts without an announcement. Later output changes nothing for one that counts already. */
  #settlesAt({ firstSeen, mayBeInternal }: SeenSocket): number {
    const { firstOutputAt = Number.POSITIVE_INFINITY } = this.facts;
    const isWaitedFor = mayBeInternal && firstOutputAt < firstSeen + settledMs;
    return firstSeen + (isWaitedFor ? internalSettledMs : settledMs);
  }
}

/** The system has most likely chosen the port, and no other machine can connect to it. */
function isInternal({ address, port }: Listener): boolean {
  return port >= firstEphemeralPort && (address === '::1' || address.startsWith('127.'));
}
