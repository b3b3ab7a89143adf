import type { FailureReason } from './errors.js';
import type { Origin } from './origin.js';
import type { ServerId } from './identity.js';
import type { Endpoint, ReadinessProblem } from '../readiness/endpoint.js';

/** Random and new for every start; tells the events of this run from those of an earlier one. */
export type RunId = string;

/**
 * Who a process is. A pid alone is reused by the system, so a signal goes out only while all of this still agrees.
 * The random marker in the environment, which is the {@link RunId}, completes it where environments can be read.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system tells it, e.g. clock ticks since boot on Linux; compared, never calculated with. */
  readonly startTime: string;
  /** Names the boot of the machine, since ticks and pids start anew with it. */
  readonly bootId: string;
}

/** A run whose process exists. */
export interface LiveRun {
  readonly id: RunId;
  readonly process: ProcessIdentity;
  /** Wall clock, milliseconds since 1970; for showing. */
  readonly startedAt: number;
  /** Monotonic milliseconds; for uptime, which a change of the wall clock must not touch. */
  readonly startedTick: number;
  /** Missing for a person, or when it is not known. */
  readonly startedBy?: Origin;
}

/** How a process ended: by itself with a code, or by a signal. */
export type ExitStatus =
  /** Only the process that started it is told; a run that was adopted has lost it. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string };

/** What follows the end of a run of a server that is to be started again by itself. */
export type Restart =
  | { readonly kind: 'planned'; readonly delayMs: number }
  /** It ended so many times within a minute that it is left down. */
  | { readonly kind: 'givenUp'; readonly ends: number };

/** The end of a run that nobody had asked the registry for. */
export interface RunEnd {
  readonly exit: ExitStatus;
  /** The user pressed Ctrl+C or the like in the terminal, so whatever the exit status, it is no crash. */
  readonly interrupted: boolean;
  /** The last lines of output, without escape sequences. */
  readonly tail: readonly string[];
  /** Wall clock, milliseconds since 1970. */
  readonly at: number;
  /** Missing when the server is left down, as most are. */
  readonly restart?: Restart;
  /** Who had started the run that ended. Missing for a person, or when it is not known. */
  readonly startedBy?: Origin;
}

/** Why no process could be made, or what became of it is not known. */
export interface Failure {
  readonly reason: FailureReason;
  readonly message: string;
  /** Wall clock, milliseconds since 1970. */
  readonly at: number;
}

/** Why a server is down though nobody stopped it. */
export type Crash = ({ readonly kind: 'exit' } & RunEnd) | ({ readonly kind: 'failure' } & Failure);

/** A process that is alive after SIGKILL. */
export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

/** Everything a server can be. Each case carries its own data only, so illegal combinations cannot be written. */
export type ServerState =
  | { readonly kind: 'stopped'; readonly lastEnd: RunEnd | undefined }
  /**
   * A start has come and waits until the servers are ready that it depends on. There is no process and none is being made.
   * The run is the one that will be; who waits knows by it whether the place is still the one that was taken.
   */
  | {
      readonly kind: 'queued';
      readonly runId: RunId;
      readonly waitsFor: readonly ServerId[];
      readonly startedBy?: Origin;
    }
  /** Promised to a start before its process exists, so that there is no moment in which a process is unknown. */
  | { readonly kind: 'reserved'; readonly runId: RunId; readonly startedBy?: Origin }
  | { readonly kind: 'starting'; readonly run: LiveRun }
  /** Its output alone may say so; then no endpoint is known. */
  | { readonly kind: 'ready'; readonly run: LiveRun; readonly endpoint: Endpoint | undefined }
  /** It runs and cannot be used; where it answered before is known if it ever did. */
  | {
      readonly kind: 'unhealthy';
      readonly run: LiveRun;
      readonly endpoint: Endpoint | undefined;
      readonly problem: ReadinessProblem;
    }
  /** Started by a window that is gone, and adopted: it can be stopped, but its terminal is lost. */
  | { readonly kind: 'external'; readonly run: LiveRun; readonly url: string | undefined }
  | { readonly kind: 'stopping'; readonly run: LiveRun }
  | { readonly kind: 'stopFailed'; readonly run: LiveRun; readonly survivors: readonly Survivor[] }
  | { readonly kind: 'crashed'; readonly crash: Crash };

/** What is told of a run that is up, in any order and again and again. */
export type ReadinessEvent =
  /** It can be used, or that is somewhere else than before. Without an endpoint only its output says so. */
  | { readonly kind: 'ready'; readonly runId: RunId; readonly endpoint: Endpoint | undefined }
  /** The endpoint is where it answers with an error, if it does. */
  | {
      readonly kind: 'unhealthy';
      readonly runId: RunId;
      readonly problem: ReadinessProblem;
      readonly endpoint: Endpoint | undefined;
    };

export type ServerEvent =
  | { readonly kind: 'reserve'; readonly runId: RunId; readonly startedBy?: Origin }
  | {
      readonly kind: 'queue';
      readonly runId: RunId;
      readonly waitsFor: readonly ServerId[];
      readonly startedBy?: Origin;
    }
  /** The waiting is over without a start: somebody stopped it, or it cannot be, as `failure` says. */
  | { readonly kind: 'leaveQueue'; readonly runId: RunId; readonly failure?: Failure }
  /** The server that waits to be started again shall stay down. */
  | { readonly kind: 'cancelRestart' }
  | { readonly kind: 'spawned'; readonly run: LiveRun }
  | { readonly kind: 'adopted'; readonly run: LiveRun; readonly url: string | undefined }
  | ({ readonly kind: 'failed'; readonly runId: RunId } & Failure)
  | ReadinessEvent
  | { readonly kind: 'stop'; readonly runId: RunId }
  /** The process ended by itself; the survivors are what was left behind and could not be ended. */
  | {
      readonly kind: 'ended';
      readonly runId: RunId;
      readonly end: RunEnd;
      readonly survivors: readonly Survivor[];
    }
  | { readonly kind: 'verifiedDead'; readonly runId: RunId }
  | { readonly kind: 'survived'; readonly runId: RunId; readonly survivors: readonly Survivor[] };
/** Makes the random name of a run. */
export type NewRunId = (id: ServerId) => RunId;
