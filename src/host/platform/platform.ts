import type { ProcessIdentity } from '../../core/server/state.js';
import type { ServerCommand } from '../../core/server/definition.js';
import type { Connection } from '../system/connections.js';
import type { Listener } from '../system/listeners.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import type { StopSignal } from '../../core/server/overrides.js';

/** A program and its arguments: a list, or on Windows also a line that the program parses by its own rules. */
export interface ProgramLine {
  readonly file: string;
  readonly args: readonly string[] | string;
}

/** The differences between operating systems; one implementation each. */
export interface Platform {
  /** Resolves with the id of the current boot. */
  bootId(): Promise<string>;
  /** Returns the environment with which this process began; `undefined` where the system does not report it. */
  initialEnvironment(): NodeJS.ProcessEnv | undefined;
  /** Starts a slow tool that the queries below need, if there is one. A start calls this before its process exists. */
  prepareQueries(): void;
  /** Resolves with the identity of a live process; `undefined` when there is none with that pid. */
  identify(pid: number): Promise<ProcessIdentity | undefined>;
  /** Resolves with every process that may belong to a tree. Rejects when the system's tool for it is missing or hangs. */
  list(): Promise<ProcessEntry[]>;
  /**
   * Returns a growing count of the milliseconds that scans take from other work; `performance.now` where tools do the
   * work.
   */
  readonly effort: () => number;
  /** Returns the pids of the children of a process; `undefined` where that takes a scan of all processes. */
  childrenOf(pid: number): readonly number[] | undefined;
  /** Returns the wall clock of a start time, milliseconds since 1970; `undefined` if it is not known. */
  startedAt(startTime: string): number | undefined;
  /** Returns whether a process with this start time has certainly been running for longer than `milliseconds`. */
  isOlderThan(startTime: string, milliseconds: number): boolean;
  /** Resolves with the working folder of a process; `undefined` where the system does not report it. */
  folderOf(pid: number): Promise<string | undefined>;
  /** Resolves with every listening TCP socket. Rejects when the system's tool for it fails. */
  listeners(): Promise<readonly Listener[]>;
  /**
   * Resolves with the listening and the connected sockets, as far as the system reports whom they belong to. Rejects as
   * `listeners`.
   */
  connections(): Promise<readonly Connection[]>;
  /** Resolves with the ids of the sockets of a process; `undefined` where the system does not report them. */
  socketsOf(pid: number): Promise<ReadonlySet<string> | undefined>;
  /**
   * Lists of addresses. To prove that a port is free, it is bound on the first address of each list that the machine
   * has, one after the other.
   */
  readonly bindAddresses: readonly (readonly string[])[];
  /**
   * `true` where a bind that is denied means that the system has reserved the port, or that a socket has it for itself;
   * elsewhere it needs privileges.
   */
  readonly isDeniedPortReserved: boolean;
  /**
   * Sends a signal to the members that still are the listed processes; SIGKILL goes to the whole group of the root. A
   * process that has ended causes no error.
   */
  signal(root: TreeRoot, members: readonly ProcessEntry[], signal: StopSignal): Promise<void>;
  /** Returns whether the root's group has a live or unreaped process; `true` where the system has no groups. */
  groupExists(root: TreeRoot): boolean;
  /** Kills the root's group without listing processes. The caller makes sure that it does not belong to another program. */
  killGroup(root: TreeRoot): void;
  /**
   * Signals the group of the root without listing processes. Only for a root that is not reaped: until then no other
   * process can have its pid or group. Resolves with whether the group was signalled.
   */
  signalUncollected(root: TreeRoot, signal: StopSignal): Promise<boolean>;
  /**
   * Returns the program line for a command whose program is at `path`, where that is known. Throws `spawnFailed` for a
   * command that cannot be passed safely, or not in the folder `cwd`.
   */
  toProgramLine(command: ServerCommand, path: string | undefined, cwd: string): ProgramLine;
  /** Returns the endings that may follow the name of a program, with the empty one where the bare name is allowed. */
  executableEndings(env: Readonly<Record<string, string>>): readonly string[];
  /** A shell leads the sessions of servers. */
  readonly hasSessionLeaders: boolean;
  /**
   * `true` where a list shows one moment, parents keep their number after their end, and environments cannot be read.
   * Then a process that starts during a stop cannot hide from the list, but one whose parents have exited can.
   */
  readonly hasParentsOnly: boolean;
  /** `true` where some environments cannot be read, so that a process is a member of a tree by what was seen before. */
  readonly hidesEnvironments: boolean;
  /** Returns whether the process is running, without listing processes; `undefined` where lists cost little. */
  isRunning(pid: number): boolean | undefined;
  /** Returns whether these processes, if nothing else is left of a tree, only wait for an answer of the user. */
  onlyAsk(members: readonly ProcessEntry[]): boolean;
  /**
   * Ends processes that the system started for terminals of this process and that outlive these. `inUse`, which it
   * reads late, has the creation times of the terminals that are still in use. Never rejects.
   */
  endConsoles(inUse: Iterable<readonly [from: number, to: number]>): Promise<void>;
  /** Returns the program that opens a URL in the user's browser, and its arguments. */
  urlOpener(url: string): readonly [file: string, ...args: string[]];
  /** Terminal input that asks a console program to exit, where there is no signal for it. */
  readonly politeInput: string | undefined;
}
