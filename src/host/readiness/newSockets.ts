import { socketIdsNearby, type SocketScanDeps } from '../sockets/socketOwners.js';
import type { TreeRoot } from '../system/processes.js';

/**
 * Notices new sockets of a starting server cheaply: only when its processes have a socket that they did not have before
 * are the listening sockets of the machine listed.
 */
export class NewSockets {
  #ids: ReadonlySet<string> = new Set();

  constructor(private readonly deps: SocketScanDeps) {}

  /** Returns whether the root or a descendant listens on a socket that it did not have at the last call. Never rejects. */
  async hasNew(root: TreeRoot): Promise<boolean> {
    const ids = (await socketIdsNearby(root, this.deps)) ?? new Set<string>();
    const fresh = new Set([...ids].filter((id) => !this.#ids.has(id)));
    this.#ids = ids;
    if (fresh.size === 0) return false;
    const listeners = await this.deps.sockets.get().catch(() => []);
    return listeners.some(({ id }) => fresh.has(id));
  }
}
