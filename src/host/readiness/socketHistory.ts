import type { SocketScan } from '../sockets/socketOwners.js';

/** Time after which an unannounced socket counts as the server's; until then it may be for anything; milliseconds. */
const settledMs = 1000;

/** Remembers the sockets of a server over its scans. */
export class SocketHistory {
  readonly #firstSeen = new Map<string, number>();
  readonly #ports = new Set<number>();

  /** Ports on which the server has listened, or an announced port was published for it. */
  get ports(): readonly number[] {
    return [...this.#ports];
  }

  add({ sockets }: SocketScan, announced: ReadonlyMap<number, string>): void {
    for (const { listener, owner } of sockets) {
      if (owner.kind !== 'own' && owner.kind !== 'published') continue;
      if (!this.#firstSeen.has(listener.id)) this.#firstSeen.set(listener.id, performance.now());
      if (owner.kind === 'own' || announced.has(listener.port)) this.#ports.add(listener.port);
    }
  }

  /** Returns whether the socket has existed long enough to count without an announcement. */
  isSettled(id: string): boolean {
    return performance.now() - (this.#firstSeen.get(id) ?? Number.POSITIVE_INFINITY) >= settledMs;
  }
}
