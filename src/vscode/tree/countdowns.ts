import type { Timer } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';
import { countdownMs, type RowMoment } from '../../core/views/rowDescription.js';

/** Time between two steps of a countdown, in milliseconds. */
const stepMs = 1000;

/**
 * Time for which a countdown pauses after its tooltip was opened, in milliseconds. The editor closes a tooltip when it
 * draws the row again, so otherwise users could not read the last output of a crash before the restart.
 */
const readingMs = 10_000;

/** Redraws the rows that show a countdown. */
export class Countdowns {
  readonly #step: Debouncer;
  #read: { readonly id: ServerId; readonly tick: number } | undefined;

  constructor(timer: Timer, draw: () => void) {
    this.#step = new Debouncer(timer, draw);
  }

  /** Pauses the countdown of a row while its tooltip is read. Changes of its state are still drawn. */
  holdFor(id: ServerId, { tick }: RowMoment): void {
    this.#read = { id, tick };
  }

  /** Returns the servers whose rows have to be drawn, and schedules the next step. */
  due(records: readonly ServerRecord[], moment: RowMoment): ReadonlySet<ServerRecord> {
    const counting = records.filter(({ state }) => (countdownMs(state, moment) ?? 0) > 0);
    if (counting.length > 0) this.#step.schedule(stepMs);
    return new Set(counting.filter(({ definition }) => !this.#isHeld(definition.id, moment)));
  }

  dispose(): void {
    this.#step.cancel();
  }

  #isHeld(id: ServerId, { tick }: RowMoment): boolean {
    return this.#read?.id === id && tick - this.#read.tick < readingMs;
  }
}
