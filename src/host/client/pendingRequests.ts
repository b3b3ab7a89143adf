import { ServerError, type FailureReason } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';
import type { ClientMessage, HostAnswer, HostMessage } from '../ipc/protocol.js';

interface Pending {
  /** Time that is left for the answer, milliseconds. */
  leftMs: number;
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

/** Maximum time for the answer to a request, in addition to the time that the request itself allows, milliseconds. */
const maxAnswerMs = 60_000;

/** Maximum time for the answer to a request, milliseconds; for a stop, in addition to the server's grace period. */
export function answerTimeOf(message: ClientMessage, baseMs = maxAnswerMs): number {
  return message.kind === 'stop' ? baseMs + message.stop.graceMs : baseMs;
}

/** Requests to the process host that it has not answered yet. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  /** Requests that were given up although others may be answered. */
  readonly #overdue = new Set<number>();
  #last = 0;

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Returns the number of a new request. */
  next(): number {
    return ++this.#last;
  }

  /** Resolves or rejects with the answer to the request; rejects with `hostFrozen` when it is overdue. */
  answerTo(request: number, maxMs: number): Promise<HostAnswer | undefined> {
    return new Promise((resolve, reject) => this.#pending.set(request, { leftMs: maxMs, resolve, reject }));
  }

  /** Returns whether the message answers a request of `answerTo`, which may be overdue. */
  settle(message: Extract<HostMessage, { kind: 'done' | 'refused' }>): boolean {
    const pending = this.#pending.get(message.request);
    if (!pending) return this.#overdue.delete(message.request);
    this.#pending.delete(message.request);
    if (message.kind === 'done') pending.resolve(message.answer);
    // Both sides are built together, so the reason is a `FailureReason`.
    else pending.reject(new ServerError(message.reason as FailureReason, message.text));
    return true;
  }

  /** Adds an interval to the waiting time of each request, and rejects overdue ones. Returns whether there were any. */
  giveUpOverdue(intervalMs: number): boolean {
    const before = this.#pending.size;
    for (const [request, pending] of this.#pending) {
      pending.leftMs -= intervalMs;
      if (pending.leftMs > 0) continue;
      this.#pending.delete(request);
      this.#overdue.add(request);
      pending.reject(frozenError());
    }
    return this.#pending.size < before;
  }

  rejectAll(error: ServerError): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
    this.#overdue.clear();
  }
}
