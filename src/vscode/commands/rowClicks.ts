import type { ServerId } from '../../core/server/identity.js';

/** Maximum time between the two clicks of a double-click, milliseconds. */
const doubleClickMs = 500;

/**
 * Time after a start in which a click on the row's stop button was probably meant for the start button, milliseconds.
 */
const impatienceMs = 700;

/**
 * Interprets clicks on rows. The editor reports each click separately, and replaces buttons under the pointer after a
 * start.
 */
export class RowClicks {
  #last: { readonly id: ServerId; readonly tick: number } | undefined;
  readonly #started = new Map<ServerId, number>();

  /** `tick` returns monotonic milliseconds. */
  constructor(private readonly tick: () => number) {}

  /** Returns whether this click and the one before are a double-click. */
  isDouble(id: ServerId): boolean {
    const last = this.#last;
    const now = this.tick();
    const isSecond = last?.id === id && now - last.tick <= doubleClickMs;
    this.#last = isSecond ? undefined : { id, tick: now };
    return isSecond;
  }

  /** Records that a button of the row has started the server. */
  noteStart(ids: readonly ServerId[]): void {
    for (const id of ids) this.#started.set(id, this.tick());
  }

  /** Returns whether a click on the stop button was meant for the start button that it has replaced. */
  isImpatient(id: ServerId): boolean {
    const started = this.#started.get(id);
    return started !== undefined && this.tick() - started <= impatienceMs;
  }
}
