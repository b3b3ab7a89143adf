import type { ProcessIdentity, RunId } from '../../core/server/state.js';

/** A process of the machine. Processes that have ended and are not reaped yet are not listed. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Process group and session; the pid where the system has none. */
  readonly group: number;
  readonly session: number;
  /** Start time as in `ProcessIdentity`. */
  readonly startTime: string;
  /** Value of the marker in its environment; empty without one, `undefined` where the environment cannot be read. */
  readonly marker: RunId | undefined;
  readonly command: string;
  /** Whether it has a terminal; `undefined` where the system does not report it. */
  readonly hasTerminal?: boolean | undefined;
}

/** Start time of a process that could not be identified; it matches no other. */
export const unknownStart = 'unknown';

/** Returns a text that identifies the process for as long as the machine runs. */
export function processKey({ pid, startTime }: Pick<ProcessEntry, 'pid' | 'startTime'>): string {
  return `${pid}@${startTime}`;
}

/**
 * Returns the name of the program in a command line: `node` for `/usr/bin/node server.js` and `"C:\\node.exe" x`. With
 * `index` 1, that of its first argument, which is the script of an interpreter.
 */
export function programName(command: string, index = 0): string {
  const path = wordAt(command, index);
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).replace(/\.exe$|:$/iu, '');
}

/** Returns the program of a command line, with the path of its script if it has one; options may be secret. */
export function shortCommand(command: string): string {
  const script = wordAt(command, 1);
  return /^[^-].*[/\\]/u.test(script) ? `${programName(command)} ${script}` : programName(command);
}

/** Returns a word of a command line. Quotation marks enclose one that holds blanks, on Windows. */
function wordAt(command: string, index: number): string {
  const words = /^(?:"([^"]*)"|(\S*))\s*(?:"([^"]*)"|(\S*))/.exec(command) ?? [];
  return words[2 * index + 1] ?? words[2 * index + 2] ?? '';
}

/** The origin of a process tree, known from its start. */
export interface TreeRoot {
  /** Marker of its processes: the id of the run, or that of a process host. */
  readonly name: string;
  /** The process that was started; `undefined` where it is not on record. */
  readonly process: ProcessIdentity | undefined;
  /** Pid of the process host that started it. */
  readonly parent: number;
  /** The session of the process, where another program leads it. */
  readonly session?: number | undefined;
  /** The leader of the session, where that is not the process itself. It does not belong to the tree, and ends after it. */
  readonly leader?: ProcessIdentity | undefined;
  /** Its members in earlier scans: of the same stop, or of all where environments cannot be read. */
  readonly seen?: {
    readonly members: readonly Pick<ProcessIdentity, 'pid' | 'startTime'>[];
    among(table: readonly ProcessEntry[]): ProcessEntry[];
    update(members: readonly ProcessEntry[]): void;
  };
}

/**
 * Returns the processes of the table that belong to a run, and remembers them in `root.seen`. Otherwise pure, so that
 * every case can be tested on every platform.
 *
 * A process belongs to the run if it carries the run's marker; if it is the root by pid and start time; if it is in a
 * session or group that is proven to be the run's; or if its parent belongs to it. A session or group is the run's
 * while a process of it carries the marker or is the proven root: the kernel does not reuse its number before its last
 * process is gone. A process that is not proven to belong is left alone.
 */
export function membersOf(root: TreeRoot, table: readonly ProcessEntry[]): ProcessEntry[] {
  const members = new Map<number, ProcessEntry>();
  for (const entry of table) {
    if (isRoot(root, entry) || isLeader(root, entry)) members.set(entry.pid, entry);
  }
  addSeen(root, table, members);
  // Nearly all members are found as kin, and reading markers takes longest.
  addAllKin(root, table, members);
  const isMarked = inheritedMarker(root);
  for (const entry of table) {
    if (!members.has(entry.pid) && isMarked(entry)) members.set(entry.pid, entry);
  }
  addAllKin(root, table, members);
  const found = [...members.values()].filter((entry) => isOwn(root, entry));
  root.seen?.update(found);
  return found;
}

/** Excludes the first process, the process host and the leader, which end after the tree or not at all. */
function isOwn(root: TreeRoot, entry: ProcessEntry): boolean {
  return entry.pid > 1 && entry.pid !== root.parent && !isLeader(root, entry);
}

function isLeader({ leader }: TreeRoot, { pid, startTime }: ProcessEntry): boolean {
  return pid === leader?.pid && startTime === leader.startTime;
}

/**
 * A process with the pid and start time of the root may still be another one, since both can be reused within one clock
 * tick. Such a process has no marker of ours, and is not a child of the process host or of the leader, as the root is
 * until it has exited. On platforms where environments cannot be read, start times are precise enough to decide alone.
 */
function isRoot({ process, name, parent, leader }: TreeRoot, entry: ProcessEntry): boolean {
  if (entry.pid !== process?.pid || entry.startTime !== process.startTime) return false;
  const isChild = entry.parent === (leader?.pid ?? parent);
  return isChild || entry.marker === undefined || isMarkerOf(entry.marker, name);
}

/** A process older than the root cannot have inherited its marker, so its environment need not be read. */
function inheritedMarker({ process, name }: TreeRoot): (entry: ProcessEntry) => boolean {
  const rootStart = tickCount(process?.startTime ?? '');
  return (entry) => {
    // `NaN`, for times that cannot be compared, is not older.
    if (tickCount(entry.startTime) < rootStart) return false;
    return entry.marker !== undefined && isMarkerOf(entry.marker, name);
  };
}

function isMarkerOf(marker: string, name: string): boolean {
  return marker === name || marker.startsWith(`${name}-`);
}

/** Returns a start time as a number; `NaN` for one that is a date. */
function tickCount(startTime: string): number {
  return /^\d{1,15}$/.test(startTime) ? Number(startTime) : Number.NaN;
}

function addSeen(
  { seen }: TreeRoot,
  table: readonly ProcessEntry[],
  members: Map<number, ProcessEntry>,
): void {
  for (const entry of seen?.among(table) ?? []) members.set(entry.pid, entry);
}

function addAllKin(root: TreeRoot, table: readonly ProcessEntry[], members: Map<number, ProcessEntry>): void {
  for (let before = 0; members.size > before;) {
    before = members.size;
    addKin(root, table, members);
  }
}

function addKin(root: TreeRoot, table: readonly ProcessEntry[], members: Map<number, ProcessEntry>): void {
  // A marked process may be in another program's session; only a session that a member leads belongs to the run as a
  // whole.
  const isOurs = (leader: number): boolean =>
    leader === root.process?.pid || leader === root.leader?.pid || members.has(leader);
  const entries = [...members.values()];
  const sessions = new Set(entries.map(({ session }) => session).filter(isOurs));
  const groups = new Set(entries.map(({ group }) => group).filter(isOurs));
  for (const entry of table) {
    const isKin = sessions.has(entry.session) || groups.has(entry.group) || members.has(entry.parent);
    if (isKin) members.set(entry.pid, entry);
  }
}
