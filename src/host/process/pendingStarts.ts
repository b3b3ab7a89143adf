import { ServerError } from '../../core/server/errors.js';
import type { RunId } from '../../core/server/state.js';
import { untranslated } from '../../core/text.js';

interface PendingStart {
  readonly over: Promise<void>;
  readonly cancellation: AbortController;
}

/** Starts that are under way. They can be cancelled while they prepare, before a process exists. */
export class PendingStarts {
  readonly #starts = new Map<RunId, PendingStart>();

  get count(): number {
    return this.#starts.size;
  }

  get runIds(): readonly RunId[] {
    return [...this.#starts.keys()];
  }

  /** Returns the promise of the start. Its signal cancels what {@link untilCancelled} waits for. */
  add(runId: RunId, start: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const cancellation = new AbortController();
    const over = start(cancellation.signal).finally(() => {
      if (this.#starts.get(runId)?.over === over) this.#starts.delete(runId);
    });
    this.#starts.set(runId, { over, cancellation });
    return over;
  }

  /** Gives a start up that has no process yet, which rejects with `cancelled`. Others go on. */
  cancel(runId: RunId): void {
    this.#starts.get(runId)?.cancellation.abort();
  }

  /** Resolves or rejects as the start, if it is under way. */
  async whenOver(runId: RunId): Promise<void> {
    await this.#starts.get(runId)?.over;
  }

  /** Never rejects. */
  async whenAllOver(): Promise<void> {
    await Promise.allSettled([...this.#starts.values()].map(({ over }) => over));
  }
}

/** Resolves or rejects as `work`; rejects with `cancelled` at the signal, when `work` goes on without effect. */
export async function untilCancelled<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(cancelledError()), { once: true });
  });
  const result = await Promise.race([work, cancelled]);
  // The signal may have come while the result was on its way.
  if (signal.aborted) throw cancelledError();
  return result;
}

function cancelledError(): ServerError {
  return new ServerError('cancelled', untranslated('The start was cancelled.'));
}
