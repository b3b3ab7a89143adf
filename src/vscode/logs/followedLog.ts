import type { LogOwner, LogStore } from '../../core/logs/logs.js';
import type { Clock, Logger, Timer } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';

/** A document begins with so much of the end of its log, and begins anew when it has grown to the second. Bytes, units. */
const firstBytes = 512 * 1024;
const maxUnits = 2 * 1024 * 1024;

/** One that cannot keep up goes on with so much of the end, since the editor compares each text with the one before. Bytes. */
const catchUpBytes = 64 * 1024;

/**
 * After each change the document rests so many times as long as it took until the editor had it, so that it never takes the
 * most of the time; and so many milliseconds when the editor does not tell, since nothing was different.
 */
const pauseFactor = 4;
const unchangedPauseMs = 2000;

export interface FollowedLogDeps {
  readonly logs: LogStore;
  readonly log: Logger;
  readonly clock: Pick<Clock, 'tick'>;
  readonly timer: Timer;
}

/** The text of a document that shows the end of a log. Only what is new is read, and what was shown keeps its lines. */
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

  /** The text as it is now. Who asks during a reading gets the result of that. */
  read(): Promise<string> {
    this.#reading ??= this.#readTimed().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** The editor has the text that was read last. */
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
    // Not the next part: too far behind, or the part in between is not kept any more.
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
