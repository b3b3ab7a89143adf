import type { ProcessIdentity, RunId } from '../../core/server/state.js';

/** One process of the machine as the system tells it. Ended processes that nobody collected yet are not listed. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Process group and session; the pid itself where the system has none. */
  readonly group: number;
  readonly session: number;
  /** As in `ProcessIdentity`. */
  readonly startTime: string;
  /** Value of our marker in its environment; empty without one, `undefined` where the environment cannot be read. */
  readonly marker: RunId | undefined;
  readonly command: string;
}

/** `node` for `/usr/bin/node server.js` and `node.exe`. */
export function programName(command: string): string {
  const [path = ''] = command.split(' ');
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).replace(/\.exe$|:$/iu, '');
}

/** What is known of a process tree from the moment of its start. */
export interface TreeRoot {
  /** The marker of its processes: the run's id, or that of a process host. */
  readonly name: string;
  /** The process that was started; `undefined` where it is on no record. */
  readonly process: ProcessIdentity | undefined;
  /** The process host that made it. */
  readonly parent: number;
}

/**
 * The processes of the table that belong to a run. Pure, so that every case can be tested on every platform.
 *
 * A process belongs to the run if it carries the run's marker; if it is the root itself by pid and start time; if it is
 * in a session or group that is proven to be the run's; or if its parent belongs to it. A session or group is the run's
 * while a process of it carries the marker or is the proven root: the kernel does not give its number away before its last
 * process is gone. What cannot be proven is left alone.
 */
export function membersOf(root: TreeRoot, table: readonly ProcessEntry[]): ProcessEntry[] {
  const members = new Map<number, ProcessEntry>();
  for (const entry of table) if (isRoot(root, entry)) members.set(entry.pid, entry);
  // Nearly all belong to it as kin, and markers take longest to read.
  addAllKin(root, table, members);
  const isMarked = markOf(root);
  for (const entry of table) {
    if (!members.has(entry.pid) && isMarked(entry)) members.set(entry.pid, entry);
  }
  addAllKin(root, table, members);
  return [...members.values()].filter(({ pid }) => pid > 1 && pid !== root.parent);
}

/**
 * A pid with the right start time may still be a stranger, since both can be reused within one clock tick. Then it does
 * not carry our marker, and it is no child of the process host either, as our root is until it has ended. Where
 * environments cannot be read, start times are fine enough to decide alone.
 */
function isRoot({ process, name, parent }: TreeRoot, entry: ProcessEntry): boolean {
  if (entry.pid !== process?.pid || entry.startTime !== process.startTime) return false;
  return entry.parent === parent || entry.marker === undefined || isNamedBy(entry.marker, name);
}

/** What is older than the root cannot have inherited its marker, so its environment need not be read. */
function markOf({ process, name }: TreeRoot): (entry: ProcessEntry) => boolean {
  const begun = countOf(process?.startTime ?? '');
  return (entry) => {
    // Not comparable is not older.
    if (countOf(entry.startTime) < begun) return false;
    return entry.marker !== undefined && isNamedBy(entry.marker, name);
  };
}

function isNamedBy(marker: string, name: string): boolean {
  return marker === name || marker.startsWith(`${name}-`);
}

/** `NaN` for a start time that is no count, but a date. */
function countOf(startTime: string): number {
  return /^\d{1,15}$/.test(startTime) ? Number(startTime) : Number.NaN;
}

function addAllKin(root: TreeRoot, table: readonly ProcessEntry[], members: Map<number, ProcessEntry>): void {
  for (let before = 0; members.size > before;) {
    before = members.size;
    addKin(root, table, members);
  }
}

function addKin(root: TreeRoot, table: readonly ProcessEntry[], members: Map<number, ProcessEntry>): void {
  // A marked process may sit in somebody else's session; only those that our processes made are ours as a whole.
  const isOurs = (leader: number): boolean => leader === root.process?.pid || members.has(leader);
  const entries = [...members.values()];
  const sessions = new Set(entries.map(({ session }) => session).filter(isOurs));
  const groups = new Set(entries.map(({ group }) => group).filter(isOurs));
  for (const entry of table) {
    const isKin = sessions.has(entry.session) || groups.has(entry.group) || members.has(entry.parent);
    if (isKin) members.set(entry.pid, entry);
  }
}
