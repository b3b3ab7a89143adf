import type { FailureReason } from './errors.js';
import type { Origin } from './origin.js';
import type { ServerId } from './identity.js';
import type { AddressInUse } from '../urlDetection/addressInUse.js';
import type { Endpoint, ReadinessProblem } from '../readiness/endpoint.js';
import type { Text } from '../text.js';

/** Random and new for every start; distinguishes the events of this run from those of an earlier one. */
export type RunId = string;

/**
 * Identity of a process. The system reuses pids, so a signal is sent only while all of these values still match. Where
 * environments can be read, the random marker in the environment, which is the {@link RunId}, completes it.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system reports it, e.g. clock ticks since boot on Linux; compared, never calculated with. */
  readonly startTime: string;
  /** Identifies the boot of the machine, since each boot restarts ticks and pids. */
  readonly bootId: string;
}

/** A run whose process exists. */
export interface LiveRun {
  readonly id: RunId;
  readonly process: ProcessIdentity;
  /** Wall clock, milliseconds since 1970; for display. */
  readonly startedAt: number;
  /** Monotonic milliseconds; for uptime, which a change of the wall clock must not affect. */
  readonly startedTick: number;
  /** Missing for the user, or if the origin is unknown. */
  readonly startedBy?: Origin;
  /** Port that the server was given, or declares; missing if unknown. It may listen on another one. */
  readonly port?: number;
  /** Number of errors of pages in the output; missing before the first one. */
  readonly pageErrors?: number;
}

/** Exit of a process, with a code or by a signal. */
export type ExitStatus =
  /** The system reports the status only to the parent, which an adopted run has lost. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string };

/** Decision about an automatic restart after the end of a run. */
export type Restart =
  | { readonly kind: 'planned'; readonly delayMs: number }
  /** The server ended `ends` times within a minute, so it is not restarted. */
  | { readonly kind: 'givenUp'; readonly ends: number };

/** End of a run that was not requested from the registry. */
export interface RunEnd {
  readonly exit: ExitStatus;
  /** The user interrupted it in the terminal, e.g. by Ctrl+C, so it is not a crash, regardless of the exit status. */
  readonly interrupted: boolean;
  /** Last lines of output, without escape sequences. */
  readonly tail: readonly string[];
  /** Its complaint that its port was in use. Missing if there was none, or if the server has been ready since. */
  readonly addressInUse?: AddressInUse;
  /** Wall clock, milliseconds since 1970. */
  readonly at: number;
  /** Missing if the policy does not restart the server, which is the default. */
  readonly restart?: Restart;
  /** Origin of the run that ended. Missing for the user, or if it is unknown. */
  readonly startedBy?: Origin;
}

/** Reason why no process could be created, or why its fate is unknown. */
export interface Failure {
  readonly reason: FailureReason;
  readonly message: Text;
  /** Wall clock, milliseconds since 1970. */
  readonly at: number;
}

/** Reason why a server is down without a stop. */
export type Crash = ({ readonly kind: 'exit' } & RunEnd) | ({ readonly kind: 'failure' } & Failure);

/** Time that a stop gives the server to exit before it is killed. */
interface StopGrace {
  /** Monotonic milliseconds. */
  readonly sinceTick: number;
  readonly graceMs: number;
}

/** A process that survived SIGKILL. */
export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

/** State of a server. Each case carries its own data only, so illegal combinations cannot be represented. */
export type ServerState =
  | { readonly kind: 'stopped'; readonly lastEnd: RunEnd | undefined }
  /**
   * A start waits until the server's dependencies are ready; no process exists or is being created. The run id is that
   * of the future run; a waiting start uses it to check that the queue entry is still its own.
   */
  | {
      readonly kind: 'queued';
      readonly runId: RunId;
      readonly waitsFor: readonly ServerId[];
      readonly startedBy?: Origin;
    }
  /** Reserved for a start before its process exists, so that no process is ever unknown to the registry. */
  | { readonly kind: 'reserved'; readonly runId: RunId; readonly startedBy?: Origin }
  | { readonly kind: 'starting'; readonly run: LiveRun }
  /** Without an endpoint, only the output showed that the server is ready. */
  | { readonly kind: 'ready'; readonly run: LiveRun; readonly endpoint: Endpoint | undefined }
  /** The server runs but cannot be used. The endpoint is the last one that answered, if any did. */
  | {
      readonly kind: 'unhealthy';
      readonly run: LiveRun;
      readonly endpoint: Endpoint | undefined;
      readonly problem: ReadinessProblem;
    }
  /** Started by a window that is gone, and adopted by this one: it can be stopped, but its terminal is lost. */
  | { readonly kind: 'external'; readonly run: LiveRun; readonly url: string | undefined }
  | { readonly kind: 'stopping'; readonly run: LiveRun; readonly grace?: StopGrace }
  | { readonly kind: 'stopFailed'; readonly run: LiveRun; readonly survivors: readonly Survivor[] }
  | { readonly kind: 'crashed'; readonly crash: Crash };

/** Report on a run that is up; reports arrive in any order and may repeat. */
export type ReadinessEvent =
  /** The server can be used, or its endpoint moved. Without an endpoint, only its output showed it. */
  | { readonly kind: 'ready'; readonly runId: RunId; readonly endpoint: Endpoint | undefined }
  /** The endpoint is the one that answers with an error, if any does. */
  | {
      readonly kind: 'unhealthy';
      readonly runId: RunId;
      readonly problem: ReadinessProblem;
      readonly endpoint: Endpoint | undefined;
    };

/** The output contains errors of pages, `count` of them since the start of the run. */
export interface PageErrorsEvent {
  readonly kind: 'pageErrors';
  readonly runId: RunId;
  readonly count: number;
}

/** The process host gives the server that it stops another time than the stop had planned. */
interface StopGraceEvent {
  readonly kind: 'stopGrace';
  readonly runId: RunId;
  /** Until when, monotonic milliseconds. */
  readonly untilTick: number;
}

export type ServerEvent =
  | { readonly kind: 'reserve'; readonly runId: RunId; readonly startedBy?: Origin }
  | {
      readonly kind: 'queue';
      readonly runId: RunId;
      readonly waitsFor: readonly ServerId[];
      readonly startedBy?: Origin;
    }
  /** The queued start was cancelled by a stop, or failed with `failure`. */
  | { readonly kind: 'leaveQueue'; readonly runId: RunId; readonly failure?: Failure }
  /** Cancels the planned restart. */
  | { readonly kind: 'cancelRestart' }
  /** The user has seen how the last run ended. */
  | { readonly kind: 'dismiss' }
  | { readonly kind: 'spawned'; readonly run: LiveRun }
  | { readonly kind: 'adopted'; readonly run: LiveRun; readonly url: string | undefined }
  | ({ readonly kind: 'failed'; readonly runId: RunId } & Failure)
  /** A stop has cancelled the start before a process existed. */
  | { readonly kind: 'startCancelled'; readonly runId: RunId }
  | ReadinessEvent
  | PageErrorsEvent
  | { readonly kind: 'stop'; readonly runId: RunId; readonly grace?: StopGrace }
  | StopGraceEvent
  /** The process ended by itself; the survivors are processes of its tree that could not be ended. */
  | {
      readonly kind: 'ended';
      readonly runId: RunId;
      readonly end: RunEnd;
      readonly survivors: readonly Survivor[];
    }
  | { readonly kind: 'verifiedDead'; readonly runId: RunId }
  | { readonly kind: 'survived'; readonly runId: RunId; readonly survivors: readonly Survivor[] };

/** Generates a random run id. */
export type NewRunId = (id: ServerId) => RunId;
