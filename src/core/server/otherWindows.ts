import type { RunId, ProcessIdentity } from './state.js';
import type { ServerDefinition } from './definition.js';
import type { ServerId, ServerIdentity } from './identity.js';

/** A server that a window left running when all its own processes were killed, and that lives. */
export interface Orphan {
  readonly runId: RunId;
  /** As the window called it that started it. */
  readonly serverId: ServerId;
  readonly folder?: string | undefined;
  readonly cwd: string;
  readonly process: ProcessIdentity;
  /** Where it answered. */
  readonly url: string | undefined;
  /** The process host that started it, which is dead. */
  readonly hostPid: number;
}

/** What becomes of an orphan: `given` to this window, so that its old record goes, or `kept` for another one. */
export type OrphanFate = 'ended' | 'kept' | 'given';

/** A server that another window runs. */
export interface OtherWindowRun {
  readonly pid: number;
  /** Where it answers, once that is known. */
  readonly url: string | undefined;
}

/** Knows what other windows of this machine run. */
export interface OtherWindows {
  /** `undefined` when no other window that lives runs this server. */
  find(definition: ServerDefinition): Promise<OtherWindowRun | undefined>;
  /** Ends what `find` finds, which is then no crash there. Rejects with `survivors`. */
  takeOver(server: ServerIdentity): Promise<void>;
}
