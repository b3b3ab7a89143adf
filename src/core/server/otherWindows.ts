import type { RunId, ProcessIdentity } from './state.js';
import type { ServerDefinition } from './definition.js';
import type { StopPlan } from './overrides.js';
import type { ServerId, ServerIdentity } from './identity.js';

/** A process of a tree in a record; the record itself has the boot id. */
export type MemberRecord = Pick<ProcessIdentity, 'pid' | 'startTime'>;

/** A live server of a window whose own processes were all killed. */
export interface Orphan {
  readonly runId: RunId;
  /** Id in the window that started it. */
  readonly serverId: ServerId;
  readonly folder?: string | undefined;
  readonly cwd: string;
  readonly process: ProcessIdentity;
  /** The leader of its session, where that is not the process itself. */
  readonly leader?: ProcessIdentity | undefined;
  /** Processes of its tree, on systems where some cannot be recognized by their environment. */
  readonly members?: readonly MemberRecord[] | undefined;
  /** How it is stopped; unknown in records of earlier versions. */
  readonly stop?: StopPlan | undefined;
  /** Last known URL. */
  readonly url: string | undefined;
  /** Pid of the process host that started it, which is dead. */
  readonly hostPid: number;
}

/** Outcome for an orphan: `given` to this window, which removes its old record, or `kept` for another window. */
export type OrphanFate = 'ended' | 'kept' | 'given';

/** A server that another window runs. */
export interface OtherWindowRun {
  readonly pid: number;
  /** URL of the server, once that is known. */
  readonly url: string | undefined;
}

/** A server that the process host of another window runs, as its record says. */
export interface RecordedRun {
  readonly server: ServerIdentity;
  /** URL of the server, once that is known. */
  readonly url: string | undefined;
  /** When its time ends, milliseconds since 1970; only for a server that is held for the next window. */
  readonly heldUntil: number | undefined;
}

/** The servers that other windows of this machine run. */
export interface OtherWindows {
  /** Lists the live runs of other windows, and those that are held for a next window. */
  list(): Promise<readonly RecordedRun[]>;
  /** Finds the run of this server in another live window; `undefined` if there is none. */
  find(definition: ServerDefinition): Promise<OtherWindowRun | undefined>;
  /** Ends the run that `find` returns; its window does not report a crash. Rejects with `survivors`. */
  takeOver(server: ServerIdentity): Promise<void>;
}
