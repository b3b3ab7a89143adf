import type { ClientMessage } from '../ipc/protocol.js';

/** How to hold the servers when this window is gone. */
export type HoldPlan = Omit<Extract<ClientMessage, { kind: 'hold' }>, 'kind'>;

/** Facts about this window that each of its process hosts needs. */
export class Introduction {
  /** Facts for the next window, by key. */
  readonly #saved = new Map<string, ClientMessage>();

  constructor(private readonly plan: () => HoldPlan) {}

  get hold(): ClientMessage {
    return { kind: 'hold', ...this.plan() };
  }

  get messages(): readonly ClientMessage[] {
    return [this.hold, ...this.#saved.values()];
  }

  /** Keeps a text for the next window, or drops it. Returns the message that says so. */
  save(key: string, value: string | undefined, isReason: boolean): ClientMessage {
    const message = { kind: 'save', key, value, isReason } as const;
    if (value === undefined) this.#saved.delete(key);
    else this.#saved.set(key, message);
    return message;
  }
}
