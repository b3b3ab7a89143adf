/**
 * Collects the messages of one cause and sends them together: each message over a channel costs a system call and wakes
 * the other side.
 */
export class MessageBatcher<Message> {
  #pending: Message[] = [];

  constructor(private readonly send: (messages: readonly Message[]) => void) {}

  /** Sends the message when the current work is done, including the continuations of its promises. */
  add(message: Message): void {
    this.#pending.push(message);
    if (this.#pending.length === 1) process.nextTick(() => this.flush());
  }

  /** Sends the collected messages at once. */
  flush(): void {
    const messages = this.#pending;
    this.#pending = [];
    if (messages.length > 0) this.send(messages);
  }
}

/** Returns the messages of a received value; a value that is not a batch is returned, so that the parser refuses it. */
export function unbatch(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
