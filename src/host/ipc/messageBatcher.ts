/**
 * Gathers messages, and sends those together that come of one thing: each one over a channel costs a system call and wakes
 * the other side.
 */
export class MessageBatcher<Message> {
  #waiting: Message[] = [];

  constructor(private readonly send: (messages: readonly Message[]) => void) {}

  /** It is sent when everything that was due with its cause is done, the continuations of promises included. */
  add(message: Message): void {
    this.#waiting.push(message);
    if (this.#waiting.length === 1) process.nextTick(() => this.flush());
  }

  /** Sends at once what is gathered. */
  flush(): void {
    const messages = this.#waiting;
    this.#waiting = [];
    if (messages.length > 0) this.send(messages);
  }
}

/** What came over the channel: a batch, or something else, which whoever reads messages then refuses. */
export function unbatch(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
