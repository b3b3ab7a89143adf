import { setTimeout as sleep } from 'node:timers/promises';

/** Nothing was started or stopped for so long, milliseconds. */
const idleMs = 10_000;

/** The first collection frees what is garbage, the second moves together what is left; milliseconds between them. */
const betweenMs = 1000;

/**
 * Gives back what starts and stops have left in the heap. V8 does so by itself when something else needs the room, which at
 * rest may be never.
 */
export class IdleGc {
  #timer: NodeJS.Timeout | undefined;

  /** `collect` is there only if Node was started with `--expose-gc`. */
  constructor(
    private readonly collect: (() => void) | undefined = globalThis.gc,
    private readonly pauseMs = idleMs,
  ) {}

  /** Something was done that leaves garbage. Does not keep the process alive. */
  schedule(): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => void this.#tidy(), this.pauseMs).unref();
  }

  async #tidy(): Promise<void> {
    this.#timer = undefined;
    this.collect?.();
    await sleep(betweenMs, undefined, { ref: false });
    this.collect?.();
  }
}
