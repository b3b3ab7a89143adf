import type { ServerDefinition } from '../server/definition.js';
import type { ServerState } from '../server/state.js';

/** One server in the registry. Never changed: a new state is a new record. */
export interface ServerRecord {
  readonly definition: ServerDefinition;
  readonly state: ServerState;
  /** The workspace no longer defines the server. The record is removed as soon as the server is no longer active. */
  readonly retired: boolean;
}

/** The registry at one moment. Never changed; the same version is the same object. */
export interface Snapshot {
  /** Increases with every change. */
  readonly version: number;
  /** Clean-up has started; every further start is refused. */
  readonly closed: boolean;
  /** Frozen. The record of a server that did not change is the same object as in the version before. */
  readonly servers: readonly ServerRecord[];
}
