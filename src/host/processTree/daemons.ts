import type { ProcessEntry, TreeRoot } from '../system/processes.js';

/** A process of a tree that has left the terminal and the session of the tree, with its descendants. */
export interface Daemon {
  readonly top: ProcessEntry;
  /** The top comes first. */
  readonly processes: readonly ProcessEntry[];
}

/**
 * Returns the daemons of a tree: its processes without a terminal in other sessions than that of the root. Tasks with a
 * terminal of their own are none, and neither is anything where the system does not report terminals.
 */
export function daemonsAmong(root: TreeRoot, members: readonly ProcessEntry[]): Daemon[] {
  const own = new Set([root.process?.pid, root.leader?.pid, root.session]);
  const away = members.filter(({ session, hasTerminal }) => hasTerminal === false && !own.has(session));
  if (away.length === 0) return [];
  const pids = new Set(away.map(({ pid }) => pid));
  return away
    .filter(({ parent }) => !pids.has(parent))
    .map((top) => ({ top, processes: withDescendants(top, members) }));
}

function withDescendants(top: ProcessEntry, members: readonly ProcessEntry[]): ProcessEntry[] {
  const children = members.filter(({ pid, parent }) => parent === top.pid && pid !== top.pid);
  return [top, ...children.flatMap((child) => withDescendants(child, members))];
}

/** A daemon that is left running for others. */
export interface KeptDaemon extends Daemon {
  /** Servers, or addresses of the daemon, that show its use. */
  readonly users: readonly string[];
  /** TCP ports on which it listens. */
  readonly ports: readonly number[];
  /** The user sees its windows, as those of a browser, and decides about its end. */
  readonly hasWindows: boolean;
}

/** Decides which daemons of a tree outlive it. */
export interface DaemonPolicy {
  /** Returns whether others may use the daemons of the tree, so that these end after the rest of it. */
  readonly mayBeUsed: () => boolean;
  /** Returns whether daemons of the tree may have windows, so that this must be checked before one is ended. */
  readonly mayHaveWindows: () => boolean;
  /** Resolves with the daemons that others use. Never rejects. */
  readonly findUsed: (daemons: readonly Daemon[]) => Promise<readonly KeptDaemon[]>;
}
