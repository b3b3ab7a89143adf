import { Heartbeat } from '../system/heartbeat.js';

/** Interval of the signs of life of the process host, milliseconds. */
const heartbeatMs = 1200;

/**
 * Intervals without a sign of life after which the process host counts as not responding. The user must learn that
 * within five seconds.
 */
const maxSilence = 3;

/** Intervals after which pending requests are given up; a busy machine may take longer than `maxSilence`. */
const maxRequestSilence = 8;

/** Whether the process host responds: not at all, to signs of life but not to a request, or to everything. */
type Response = 'silent' | 'stuck' | 'responsive';

export interface HostWatchDeps {
  /** Returns whether the process host must respond: servers run, or requests are pending. */
  readonly isNeeded: () => boolean;
  readonly ping: () => void;
  /** Called when it does not respond any more, and when it responds again. */
  readonly onResponsive: (isResponsive: boolean) => void;
  /** Called repeatedly while the process host has been silent for so long that requests are to be given up. */
  readonly onGivenUp: () => void;
  /**
   * Counts this interval for the pending requests and gives up those that have waited too long. Returns whether there
   * were any.
   */
  readonly giveUpOverdue: (intervalMs: number) => boolean;
}

/** Watches whether the process host responds, as long as it is needed. */
export class HostWatch {
  readonly #heartbeat: Heartbeat;
  #response: Response = 'responsive';

  constructor(private readonly deps: HostWatchDeps) {
    this.#heartbeat = new Heartbeat({
      intervalMs: heartbeatMs,
      ping: () => this.#ping(),
      onSilence: (intervals) => this.#onSilence(intervals),
      onInterval: () => {
        if (deps.giveUpOverdue(heartbeatMs)) this.#setResponse('stuck');
      },
    });
  }

  /** `false` while the process host lives but does not respond. */
  get isResponsive(): boolean {
    return this.#response === 'responsive';
  }

  start(): void {
    this.#heartbeat.start();
  }

  /** Call for each message of the process host. */
  heard(): void {
    this.#heartbeat.heard();
    if (this.#response === 'silent') this.#setResponse('responsive');
  }

  /** Call for each answer to a request other than a sign of life. */
  answered(): void {
    this.#setResponse('responsive');
  }

  /** Ends with the process host. */
  end(): void {
    this.#heartbeat.stop();
    this.#setResponse('responsive');
  }

  #ping(): void {
    if (this.deps.isNeeded()) this.deps.ping();
    else this.#heartbeat.stop();
  }

  #onSilence(intervals: number): void {
    if (intervals === maxSilence && this.isResponsive) this.#setResponse('silent');
    if (intervals >= maxRequestSilence) this.deps.onGivenUp();
  }

  #setResponse(response: Response): void {
    const wasResponsive = this.isResponsive;
    this.#response = response;
    if (this.isResponsive !== wasResponsive) this.deps.onResponsive(this.isResponsive);
  }
}
