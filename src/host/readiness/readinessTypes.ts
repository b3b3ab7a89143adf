import type { Endpoint, ReadinessAttempt, ReadinessProblem } from '../../core/readiness/endpoint.js';
import type { PortEvidence } from './portEvidence.js';

export interface Watched {
  /** Pause before the next scan, milliseconds. */
  readonly pauseMs: number;
  /**
   * Another process uses the port of the server. Two scans in a row must find it, or find that it is over (`doubtful`
   * after the first one), since a restarting program is briefly gone.
   */
  readonly conflict: 'none' | 'suspected' | 'reported' | 'doubtful';
}

export interface WasReady extends Watched {
  readonly endpoint: Endpoint | undefined;
  /** Pause between two requests, milliseconds. */
  readonly probePauseMs: number;
}

/**
 * Not ready yet, within the time-out. `startedAt` is on the clock of `scanned` events; `answering` is where the last scan
 * got an error response.
 */
export type Waiting = Watched & {
  readonly kind: 'waiting';
  readonly startedAt: number;
  readonly answering: Endpoint | undefined;
};
/** Unready for a reason that was reported, with the attempts of the last report. */
interface Reported extends Watched {
  readonly problem: Extract<ReadinessProblem, { readonly attempts: unknown }>;
}
/** Reported as not ready in time; may still become ready. */
export type TimedOut = Reported & { readonly kind: 'timedOut' };
/** Ready; `probeAt` is the time of the next request on the clock of `scanned` events. */
export type Ready = WasReady & { readonly kind: 'ready'; readonly probeAt: number };
/** Was ready and failed one scan, which may be a restart. */
export type Failing = WasReady & { readonly kind: 'failing' };
/** Was ready and is reported as not responding. */
export type Silent = Reported & { readonly kind: 'silent' };

export type LiveState = Waiting | TimedOut | Ready | Failing | Silent;

export type ReadinessState = LiveState | { readonly kind: 'ended' };

/** Result of one scan: whether the server meets its rule. */
export type ScanResult =
  | {
      readonly kind: 'healthy';
      /** `undefined` for a server whose rule only names a line of output. */
      readonly endpoint: Endpoint | undefined;
      /** `true` when the system reports how many connections wait at the endpoint. */
      readonly seesWaiting: boolean;
      /** Time until the next scan may find more, milliseconds. Missing if nothing is expected. */
      readonly settlesInMs?: number;
    }
  /** The expression of the rule takes too long. */
  | { readonly kind: 'slowPattern'; readonly pattern: string }
  | {
      readonly kind: 'unhealthy';
      /** Address at which it answers with an error, if it does. */
      readonly endpoint: Endpoint | undefined;
      readonly attempts: readonly ReadinessAttempt[];
      /** Evidence that another program uses the server's port. */
      readonly evidence: PortEvidence | undefined;
      /** Time until a socket may count as the server's, milliseconds; `undefined` without one. */
      readonly settlesInMs: number | undefined;
    };

export type ReadinessInput =
  /**
   * The output announced a new URL or complained about the port, or another address of the server has answered. The next
   * scan follows `pauseMs` milliseconds after `at`.
   */
  | { readonly kind: 'news'; readonly at: number; readonly pauseMs: number }
  /** The sockets of the ready server are the same, and no connection waits. */
  | { readonly kind: 'unchanged' }
  /** `at` is the time in milliseconds on any steady clock, here and above. */
  | { readonly kind: 'scanned'; readonly result: ScanResult; readonly at: number }
  /** The time-out of the rule expired; `attempts` are those of the last scan. */
  | { readonly kind: 'timeout'; readonly attempts: readonly ReadinessAttempt[] }
  | { readonly kind: 'ended' };

/** A change that the window must know. */
export type ReadinessReport =
  | { readonly kind: 'ready'; readonly endpoint: Endpoint | undefined }
  /** `endpoint` is where the server answers with an error, if it does. */
  | {
      readonly kind: 'unhealthy';
      readonly problem: ReadinessProblem;
      readonly endpoint: Endpoint | undefined;
    };

export interface ReadinessTransition {
  readonly state: ReadinessState;
  /** `conflict` becomes an `unhealthy` report with the process that owns the socket. */
  readonly report?: ReadinessReport | { readonly kind: 'conflict'; readonly evidence: PortEvidence };
}
