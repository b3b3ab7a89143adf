import type { TaskQueue } from './randomOrder.js';

/**
 * Delivers messages in one direction between two processes, in their order, each at a time that the scheduler chooses;
 * none after the connection is lost.
 */
export class Channel {
  readonly #messages: (() => void)[] = [];
  #lost = false;

  constructor(
    private readonly scheduler: TaskQueue,
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
