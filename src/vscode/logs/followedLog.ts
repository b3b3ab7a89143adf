import type { LogOwner, LogStore } from '../../core/logs/logStore.js';
import type { Clock, Logger, Timer } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';

/** Bytes from the end of the log that a document begins with, and length in UTF-16 units at which it starts over. */
const firstBytes = 512 * 1024;
const maxUnits = 2 * 1024 * 1024;

/**
 * Bytes from the end that a document continues with when it cannot keep up, since the editor compares each text with
 * the previous one.
 */
const catchUpBytes = 64 * 1024;

/**
 * After each change, updates pause for this multiple of the time that the editor took, so that the editor is rarely
 * busy with them; and for this many milliseconds if the editor reports no change.
 */
const pauseFactor = 4;
const unchangedPauseMs = 2000;

export interface FollowedLogDeps {
  readonly logs: LogStore;
  readonly log: Logger;
  readonly clock: Pick<Clock, 'tick'>;
  readonly timer: Timer;
}

/**
 * Text of a document that follows the end of a log. Only new output is read; lines that are shown keep their numbers.
 */
export class FollowedLog {
  readonly #unwatch: () => void;
  #text = '';
  #start = 0;
  #end: number | undefined;
  #reading: Promise<string> | undefined;
  readonly #pause: Debouncer;
  #readStartedAt = 0;
  #isDue = false;

  /** `onChange` is called when there is more to read. */
  constructor(
    private readonly owner: LogOwner,
    private readonly deps: FollowedLogDeps,
    private readonly onChange: () => void,
  ) {
    this.#pause = new Debouncer(deps.timer, () => this.#endPause());
    this.#unwatch = deps.logs.watch(owner, () => this.#grown());
  }

  /** Offset in the log at which the text begins. */
  get start(): number {
    return this.#start;
  }

  /** Returns the current text. A call during a read shares its result. */
  read(): Promise<string> {
    this.#reading ??= this.#readTimed().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Resets the text, since the log was cleared. */
  clear(): void {
    this.#text = '';
    this.#end = undefined;
    this.onChange();
  }

  /** Records that the editor shows the text of the last read. */
  shown(): void {
    if (!this.#reading) this.#pause.restart((this.deps.clock.tick() - this.#readStartedAt) * pauseFactor);
  }

  dispose(): void {
    this.#unwatch();
    this.#pause.cancel();
  }

  #grown(): void {
    if (this.#pause.isPending || this.#reading) this.#isDue = true;
    else this.onChange();
  }

  async #readTimed(): Promise<string> {
    this.#readStartedAt = this.deps.clock.tick();
    try {
      return await this.#readNew();
    } catch (error) {
      this.deps.log.error('A log could not be read', error);
      return this.#text;
    } finally {
      this.#pause.restart(unchangedPauseMs);
    }
  }

  #endPause(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.onChange();
  }

  async #readNew(): Promise<string> {
    const excerpt = this.#end === undefined ? undefined : await this.deps.logs.range(this.owner, this.#end);
    // The excerpt may end early or start late: the document is too far behind, or the part in between was dropped.
    const follows = excerpt && !excerpt.truncated && excerpt.start === this.#end;
    if (!follows) return this.#startOver(this.#end === undefined ? firstBytes : catchUpBytes);
    if (this.#text.length + excerpt.text.length > maxUnits) return this.#startOver(firstBytes);
    this.#text += excerpt.text;
    this.#end = excerpt.end;
    return this.#text + excerpt.rest;
  }

  async #startOver(bytes: number): Promise<string> {
    const tail = await this.deps.logs.tail(this.owner, { bytes });
    this.#text = tail?.text ?? '';
    this.#start = tail?.start ?? 0;
    this.#end = tail?.end;
    return this.#text + (tail?.rest ?? '');
  }
}
