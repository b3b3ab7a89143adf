import type { Timer } from './common.js';

/** Delays an action, and coalesces the calls that ask for it: however many there are, the action runs once. */
export class Debouncer {
  #cancel: (() => void) | undefined;

  constructor(
    private readonly timer: Timer,
    private readonly action: () => void,
  ) {}

  /** Whether the action is going to run. */
  get isPending(): boolean {
    return this.#cancel !== undefined;
  }

  /** Runs the action after `delayMs` milliseconds, or earlier if it is pending already. */
  schedule(delayMs: number): void {
    if (!this.#cancel) this.restart(delayMs);
  }

  /** Runs the action `delayMs` milliseconds after the last call. */
  restart(delayMs: number): void {
    this.cancel();
    this.#cancel = this.timer.after(delayMs, () => {
      this.#cancel = undefined;
      this.action();
    });
  }

  /** Does not run the action unless it is scheduled again. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
