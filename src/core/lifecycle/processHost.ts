import type { ReadyRule } from '../readiness/readyRule.js';
import type { ServerCommand } from '../server/definition.js';
import type { ShellEnvironmentMode } from '../commandLine/shellEnvironment.js';
import type { ExitStatus, ProcessIdentity, ReadinessEvent, RunId, Survivor } from '../server/state.js';
import type { StopPlan } from './stopPolicy.js';
import type { EnvironmentChanges } from '../commandLine/terminalEnv.js';
import type { Orphan } from '../server/otherWindows.js';
import type { ServerId } from '../server/identity.js';

/** What the process host needs to start a run. */
export interface StartRequest {
  readonly runId: RunId;
  readonly serverId: ServerId;
  /** Name of the workspace folder with which the id begins. */
  readonly folder?: string;
  readonly command: ServerCommand;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute paths of files with variables, read when it starts; what a later one says counts, and `env` before all. */
  readonly envFiles?: readonly string[];
  /** What it inherits besides; nothing is known of that when missing. */
  readonly environment?: InheritedEnvironment;
  /** Where it is expected to listen. */
  readonly port: number | undefined;
  readonly ready: ReadyRule;
}

/** What the editor's settings say about the environment of a folder's servers. */
export interface InheritedEnvironment {
  /** What the editor's terminals get; values may hold `${env:NAME}`. */
  readonly terminal: EnvironmentChanges;
  readonly shell: ShellEnvironmentMode;
}

export interface StopRequest extends StopPlan {
  readonly runId: RunId;
}

/** The result of a stop that was verified. */
export interface StopReport {
  /** SIGKILL was needed. */
  readonly forced: boolean;
  /** Empty when every process of the tree is dead. */
  readonly survivors: readonly Survivor[];
  /** Ports of the server that cannot be bound though its tree is dead; somebody else holds them. */
  readonly busyPorts: readonly number[];
}

/** Facts about runs, in the order in which they happened. */
export type ProcessEvent =
  | { readonly kind: 'spawned'; readonly runId: RunId; readonly process: ProcessIdentity }
  | ReadinessEvent
  /** The process ended without having been asked to, and what it left behind was ended too. */
  | {
      readonly kind: 'ended';
      readonly runId: RunId;
      readonly exit: ExitStatus;
      readonly interrupted: boolean;
      readonly tail: readonly string[];
      readonly survivors: readonly Survivor[];
    }
  /** The process host is gone, and with it the knowledge about all runs. */
  | { readonly kind: 'hostLost'; readonly message: string };

/** Starts and stops process trees. */
export interface ProcessHost {
  /** Resolves when the process exists and `spawned` was sent; rejects with a `ServerError` when it could not be made. */
  start(request: StartRequest): Promise<void>;
  /**
   * Resolves when the tree is verified dead, or with the survivors; a run that has ended already is dead. During another
   * stop of the run it joins that, which then waits no longer than the more impatient of the two.
   */
  stop(request: StopRequest): Promise<StopReport>;
  /** From when this resolves the orphan is a run like the others, but for its output, which nobody has any more. */
  adopt(orphan: Orphan): Promise<void>;
  /** Returns the function that ends the subscription. */
  onEvent(listener: (event: ProcessEvent) => void): () => void;
}

/** Takes output for a terminal. So many bytes before `data` are left out, since the terminal was far behind. */
export type OutputListener = (data: string, skippedBytes: number) => void;

/** The part of the process host that terminals use. */
export interface OutputHost {
  /** Sends the kept output of a run to `onOutput` and then everything new, until the returned function is called. */
  attach(runId: RunId, columns: number, rows: number, onOutput: OutputListener): () => void;
  /** So many UTF-16 units were shown; without this the flow stops. */
  acknowledge(runId: RunId, units: number): void;
  input(runId: RunId, data: string): void;
  resize(runId: RunId, columns: number, rows: number): void;
  /** The output of an ended run is not needed any more. */
  forget(runId: RunId): void;
}
