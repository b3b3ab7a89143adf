import type { Scheduler } from 'fast-check';

/**
 * One direction of a connection between two processes: what is sent arrives in the order of sending, each message at a
 * moment of its own that the scheduler chooses; nothing arrives after the connection is lost.
 */
export class Channel {
  readonly #messages: (() => void)[] = [];
  #lost = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly name: string,
  ) {}

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  send(label: string, arrive: () => void): void {
    this.#messages.push(arrive);
    void this.#deliverNext(label);
  }

  lose(): void {
    this.#lost = true;
    this.#messages.length = 0;
  }

  async #deliverNext(label: string): Promise<void> {
    await this.scheduler.schedule(Promise.resolve(), `${this.name}: ${label}`);
    const message = this.#messages.shift();
    if (!this.#lost) message?.();
  }
}
