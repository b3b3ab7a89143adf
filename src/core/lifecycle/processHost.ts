import type { AddressInUse } from '../urlDetection/addressInUse.js';
import type { ReadyRule } from '../readiness/readyRule.js';
import type { ServerCommand } from '../server/definition.js';
import type { ShellEnvironmentMode } from '../commandLine/shellEnvironment.js';
import type {
  ExitStatus,
  PageErrorsEvent,
  ProcessIdentity,
  ReadinessEvent,
  RunId,
  Survivor,
} from '../server/state.js';
import type { StopPlan } from '../server/overrides.js';
import type { EnvironmentChanges } from '../commandLine/terminalEnvironment.js';
import type { Orphan } from '../server/otherWindows.js';
import type { ServerId } from '../server/identity.js';
import type { Text } from '../text.js';

/** Everything that the process host needs to start a run. */
export interface StartRequest {
  readonly runId: RunId;
  readonly serverId: ServerId;
  /** Name of the workspace folder that the id begins with. */
  readonly folder?: string;
  readonly command: ServerCommand;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /**
   * Absolute paths of files with variables, read at the start; a later file overrides an earlier one, and `env`
   * overrides all.
   */
  readonly envFiles?: readonly string[];
  /** Inherited environment; `undefined` when the settings are unknown. */
  readonly environment?: InheritedEnvironment;
  /** Port on which the server is expected to listen. */
  readonly port: number | undefined;
  readonly ready: ReadyRule;
  /** How it is stopped when this window, or its process host, is gone. */
  readonly stop?: StopPlan;
}

/** Settings of the editor for the environment of a folder's servers. */
export interface InheritedEnvironment {
  /** Variables of the editor's terminals; values may contain `${env:NAME}`. */
  readonly terminal: EnvironmentChanges;
  readonly shell: ShellEnvironmentMode;
  /** Folder of the terminal whose environment servers inherit: version managers have acted on it there. */
  readonly terminalFolder?: string;
}

export interface StopRequest extends StopPlan {
  readonly runId: RunId;
}

/** Result of a verified stop. */
export interface StopReport {
  /** Whether SIGKILL was needed. */
  readonly forced: boolean;
  /** Empty when every process of the tree is dead. */
  readonly survivors: readonly Survivor[];
  /** Ports of the server that cannot be bound although its tree is dead: another process uses them. */
  readonly busyPorts: readonly number[];
}

/** Facts about runs, in the order in which they happened. */
export type ProcessEvent =
  | { readonly kind: 'spawned'; readonly runId: RunId; readonly process: ProcessIdentity }
  | ReadinessEvent
  | PageErrorsEvent
  /** The server that is being stopped is killed after this time, and not at the end of its grace. */
  | { readonly kind: 'stopGrace'; readonly runId: RunId; readonly leftMs: number }
  /** The process exited on its own; the rest of its tree was terminated as well. */
  | {
      readonly kind: 'ended';
      readonly runId: RunId;
      readonly exit: ExitStatus;
      readonly interrupted: boolean;
      readonly tail: readonly string[];
      /** The server complained that its port was in use, and has not been ready since. */
      readonly addressInUse?: AddressInUse;
      readonly survivors: readonly Survivor[];
    }
  /** The process host has exited, and the state of its runs is unknown. */
  | { readonly kind: 'hostLost'; readonly message: Text };

/** An event of one run. */
export type RunEvent = Exclude<ProcessEvent, { kind: 'hostLost' }>;

/** Facts of the process host about a run, for a window that takes it over. */
export interface RunFacts {
  readonly runId: RunId;
  /** Time since its start, milliseconds. */
  readonly ageMs: number;
  /** Its latest events: the start, the last report on its readiness, and the end. None while the start is under way. */
  readonly events: readonly RunEvent[];
}

/** Starts and stops process trees. */
export interface ProcessHost {
  /**
   * Resolves when the process exists and `spawned` was sent. Rejects with a `ServerError` when it could not be created.
   */
  start(request: StartRequest): Promise<void>;
  /** Lets the start of a run that has no process yet reject with `cancelled` at once. Has no effect on others. */
  cancelStart(runId: RunId): void;
  /**
   * Resolves when the tree is verified dead, or with the survivors. A run that has ended already counts as dead. A call
   * during another stop of the run joins that stop and shortens its grace to the smaller of the two.
   */
  stop(request: StopRequest): Promise<StopReport>;
  /** Resolves when this run's start, requested by an earlier window, is complete. Rejects with the start's error. */
  join(runId: RunId): Promise<void>;
  /** Makes an orphan a run like the others, except that its output is lost. Resolves when that is done. */
  adopt(orphan: Orphan): Promise<void>;
  /** Returns a function that ends the subscription. */
  onEvent(listener: (event: ProcessEvent) => void): () => void;
}

/** Receives output for a terminal; `skippedBytes` before `data` were dropped because the terminal was too slow. */
export type OutputListener = (data: string, skippedBytes: number) => void;

/** Text above the output of a run in its terminal: an earlier run, and below that the notes of the terminal. */
export interface ShownAbove {
  readonly runId: RunId;
  readonly notes: string;
}

/** The part of the process host that terminals use. */
export interface OutputHost {
  /**
   * Sends the buffered output of a run to `onOutput`, then new output, until the returned function is called. The text
   * above is kept for the next terminal that passes no `above`; call this before `forget` of the run that it shows.
   */
  attach(
    runId: RunId,
    columns: number,
    rows: number,
    onOutput: OutputListener,
    above?: ShownAbove,
  ): () => void;
  /** Acknowledges UTF-16 units that were drawn; without it the output pauses. */
  acknowledge(runId: RunId, units: number): void;
  input(runId: RunId, data: string): void;
  resize(runId: RunId, columns: number, rows: number): void;
  /** Frees the output of an ended run. */
  forget(runId: RunId): void;
}
