import { setTimeout as sleep } from 'node:timers/promises';
import { Debouncer } from '../../core/debouncer.js';
import { backgroundTimer } from '../system/timers.js';

/** Nothing was started or stopped for so long, milliseconds. */
const idleMs = 10_000;

/** The first collection frees what is garbage, the second moves together what is left; milliseconds between them. */
const betweenMs = 1000;

/**
 * Gives back what starts and stops have left in the heap. V8 does so by itself when something else needs the room, which at
 * rest may be never.
 */
export class IdleGc {
  readonly #collection = new Debouncer(backgroundTimer, () => void this.#collectTwice());

  /** `collect` is there only if Node was started with `--expose-gc`. */
  constructor(
    private readonly collect: (() => void) | undefined = globalThis.gc,
    private readonly pauseMs = idleMs,
  ) {}

  /** Something was done that leaves garbage. Does not keep the process alive. */
  schedule(): void {
    this.#collection.restart(this.pauseMs);
  }

  async #collectTwice(): Promise<void> {
    this.collect?.();
    await sleep(betweenMs, undefined, { ref: false });
    this.collect?.();
  }
}
