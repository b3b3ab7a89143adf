import type { ServerId } from '../../core/server/identity.js';

/** Maximum number of logs that a client watches; further ones are not watched. */
const maxWatches = 64;

/** The logs that a client watches. */
export class LogWatches {
  readonly #watches = new Map<ServerId, Promise<() => void>>();

  constructor(
    private readonly watchLog: ((id: ServerId, listener: () => void) => Promise<() => void>) | undefined,
    private readonly onGrown: (id: ServerId) => void,
  ) {}

  set(id: ServerId, isWatched: boolean): void {
    if (!isWatched) this.#end(id);
    else if (this.watchLog && !this.#watches.has(id) && this.#watches.size < maxWatches) {
      // Without the extension, there is no output.
      const watch = this.watchLog(id, () => this.onGrown(id)).catch(() => () => undefined);
      this.#watches.set(id, watch);
    }
  }

  end(): void {
    for (const id of this.#watches.keys()) this.#end(id);
  }

  #end(id: ServerId): void {
    void this.#watches.get(id)?.then((unwatch) => unwatch());
    this.#watches.delete(id);
  }
}
