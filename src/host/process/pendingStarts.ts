import type { RunId } from '../../core/server/state.js';
import { ServerError } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';

interface PendingStart {
  readonly end: Promise<void>;
  readonly cancel: AbortController;
}

/** The starts that are under way. */
export class PendingStarts {
  readonly #starts = new Map<RunId, PendingStart>();

  get size(): number {
    return this.#starts.size;
  }

  get ids(): Iterable<RunId> {
    return this.#starts.keys();
  }

  /** Resolves, or rejects, as the work does. */
  run(runId: RunId, work: (cancelled: AbortSignal) => Promise<void>): Promise<void> {
    const cancel = new AbortController();
    const end = work(cancel.signal).finally(() => {
      if (this.#starts.get(runId) === start) this.#starts.delete(runId);
    });
    const start = { end, cancel };
    this.#starts.set(runId, start);
    return end;
  }

  /** Resolves, or rejects, as a start does; at once without it. */
  async endOf(runId: RunId): Promise<void> {
    await this.#starts.get(runId)?.end;
  }

  async endOfAll(): Promise<void> {
    await Promise.allSettled([...this.#starts.values()].map(({ end }) => end));
  }

  /** Aborts a start with the reason `cancelled`. */
  cancel(runId: RunId): void {
    const text = untranslated('The start was given up, since the server was stopped.');
    this.#starts.get(runId)?.cancel.abort(new ServerError('cancelled', text));
  }
}

/** Resolves as the work does, unless the signal is aborted before; then it rejects with the reason of that. */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject);
  });
}
