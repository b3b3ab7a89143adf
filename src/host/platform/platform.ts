import type { ProcessIdentity } from '../../core/server/state.js';
import type { ServerCommand } from '../../core/server/definition.js';
import type { Listener } from '../system/listeners.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { StopSignal } from '../../core/server/overrides.js';

/** A program and its arguments: words, or on Windows also the line that a program reads by rules of its own. */
export interface ProgramLine {
  readonly file: string;
  readonly args: readonly string[] | string;
}

/** What differs between operating systems. One file each. */
export interface Platform {
  /** Names the boot of this machine. */
  bootId(): Promise<string>;
  /** The identity of a process that lives; `undefined` when there is none with that pid. */
  identify(pid: number): Promise<ProcessIdentity | undefined>;
  /**
   * Every process of the machine that may belong to a tree. Rejects when the system's tool for it is missing or hangs.
   */
  list(): Promise<ProcessEntry[]>;
  /** Counts the milliseconds that looks at the system take from others; `performance.now` where tools do the work. */
  readonly effort: () => number;
  /** The pids of the children of a process; `undefined` where that takes a look at all processes. */
  childrenOf(pid: number): readonly number[] | undefined;
  /** When a process with this start time began, milliseconds since 1970; `undefined` when that cannot be told. */
  startedAt(startTime: string): number | undefined;
  /** Whether a process with this start time has certainly been running for longer than so many milliseconds. */
  isOlderThan(startTime: string, milliseconds: number): boolean;
  /** The folder that a process runs in; `undefined` when the system does not tell. */
  folderOf(pid: number): Promise<string | undefined>;
  /** Every TCP socket of the machine that listens. Rejects when the system does not tell. */
  listeners(): Promise<readonly Listener[]>;
  /** Ids of the sockets that a process holds; `undefined` when the system does not tell. */
  socketsOf(pid: number): Promise<ReadonlySet<string> | undefined>;
  /**
   * Where a port must be bound, one after the other, to know that nobody listens on it at any address: in each list at the
   * first address that the machine has.
   */
  readonly bindAddresses: readonly (readonly string[])[];
  /**
   * Sends a signal to the processes that still are who they were a moment ago, and SIGKILL to the whole group of the root.
   * Never throws because one of them has ended.
   */
  signal(root: TreeRoot, members: readonly ProcessEntry[], signal: StopSignal): Promise<void>;
  /** Whether anything of the root's group lives or waits to be collected; `true` where the system has no groups. */
  groupExists(root: TreeRoot): boolean;
  /**
   * Signals the root and what is grouped with it without a look at the table. Only for a root that has not been collected
   * since its end: until then nobody else can have its pid or group. Resolves with whether the group was signalled.
   */
  signalUncollected(root: TreeRoot, signal: StopSignal): Promise<boolean>;
  /**
   * What executes a command, whose program is at `path` where that is known; throws a `ServerError` for a command that
   * cannot be passed safely.
   */
  toProgramLine(command: ServerCommand, path: string | undefined): ProgramLine;
  /** Endings that make a file executable by its bare name, with the empty one where the name alone will do. */
  executableEndings(env: Readonly<Record<string, string>>): readonly string[];
  /** A polite way to end console programs that is not a signal: what to write to the terminal. */
  readonly politeInput: string | undefined;
}
