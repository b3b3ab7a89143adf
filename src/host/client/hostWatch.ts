import { Heartbeat } from '../system/heartbeat.js';

/** Interval of the signs of life of the process host, milliseconds. */
const heartbeatMs = 1200;

/** Intervals without one after which it counts as not responding: the user learns that within five seconds. */
const maxSilence = 3;

/** Intervals after which pending requests are given up; a busy machine may take longer than `maxSilence`. */
const maxRequestSilence = 8;

export interface HostWatchDeps {
  /** Returns whether the process host must respond: servers run, or requests are pending. */
  readonly isNeeded: () => boolean;
  readonly ping: () => void;
  /** Called when it does not respond any more, and when it responds again. */
  readonly onResponsive: (isResponsive: boolean) => void;
  /** Called, again and again, when it has not responded for so long that requests are to be given up. */
  readonly onGivenUp: () => void;
}

/** Watches whether the process host responds, as long as it is needed. */
export class HostWatch {
  readonly #heartbeat: Heartbeat;
  #isResponsive = true;

  constructor(private readonly deps: HostWatchDeps) {
    this.#heartbeat = new Heartbeat({
      intervalMs: heartbeatMs,
      ping: () => this.#ping(),
      onSilence: (intervals) => this.#onSilence(intervals),
    });
  }

  /** `false` while the process host lives but does not respond. */
  get isResponsive(): boolean {
    return this.#isResponsive;
  }

  start(): void {
    this.#heartbeat.start();
  }

  /** Call for each message of the process host. */
  heard(): void {
    this.#heartbeat.heard();
    this.#setResponsive(true);
  }

  /** Ends with the process host. */
  end(): void {
    this.#heartbeat.stop();
    this.#setResponsive(true);
  }

  #ping(): void {
    if (this.deps.isNeeded()) this.deps.ping();
    else this.#heartbeat.stop();
  }

  #onSilence(intervals: number): void {
    if (intervals === maxSilence) this.#setResponsive(false);
    if (intervals >= maxRequestSilence) this.deps.onGivenUp();
  }

  #setResponsive(isResponsive: boolean): void {
    if (this.#isResponsive === isResponsive) return;
    this.#isResponsive = isResponsive;
    this.deps.onResponsive(isResponsive);
  }
}
