import { ServerError, type FailureReason } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';
import type { HostAnswer, HostMessage } from '../ipc/protocol.js';

interface Pending {
  resolve(answer: HostAnswer | undefined): void;
  reject(error: ServerError): void;
}

/** The error of requests to a process host that lives but does not respond. */
export function frozenError(): ServerError {
  return new ServerError(
    'hostFrozen',
    untranslated('The process host does not respond. Stop it and its servers, or try again.'),
  );
}

/** Requests to the process host that it has not answered yet. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Returns the number of a new request. */
  next(): number {
    return ++this.#last;
  }

  /** Resolves or rejects with the answer to the request. */
  answerTo(request: number): Promise<HostAnswer | undefined> {
    return new Promise((resolve, reject) => this.#pending.set(request, { resolve, reject }));
  }

  settle(message: Extract<HostMessage, { kind: 'done' | 'refused' }>): void {
    const pending = this.#pending.get(message.request);
    this.#pending.delete(message.request);
    if (message.kind === 'done') pending?.resolve(message.answer);
    // Both sides are built together, so the reason is a `FailureReason`.
    else pending?.reject(new ServerError(message.reason as FailureReason, message.text));
  }

  rejectAll(error: ServerError): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
