import type { StopSignal } from '../../core/server/overrides.js';
import { programName, type ProcessEntry, type TreeRoot } from '../system/processes.js';

/**
 * Programs that pass the signal that asks them to end on to their children, by their command line. A group that they are
 * in must not be asked as a whole: their children would be asked twice. `docs/clean-ends.md` has the measurements.
 */
const relays: readonly Relay[] = [
  { isProgram: (command) => /^g?make$/.test(programName(command)), signals: ['SIGTERM'] },
  {
    isProgram: (command) => programName(command) === 'node' && /\s--watch(?:\s|=|-path)/.test(command),
    signals: ['SIGTERM', 'SIGINT'],
  },
  {
    isProgram: (command) => programName(command) === 'node' && /[/\\]nodemon(?:\.js)?(?:\s|$)/.test(command),
    signals: ['SIGTERM', 'SIGINT'],
  },
];

interface Relay {
  readonly isProgram: (command: string) => boolean;
  /** Signals that it passes on. */
  readonly signals: readonly StopSignal[];
}

/** Returns the pids of the members that a program above them asks to end when it gets this signal. */
export function relayedPids(members: readonly ProcessEntry[], signal: StopSignal): Set<number> {
  const known = relays.filter(({ signals }) => signals.includes(signal));
  const isRelay = ({ command }: ProcessEntry): boolean => known.some(({ isProgram }) => isProgram(command));
  return below(members, known.length === 0 ? [] : members.filter(isRelay));
}

/**
 * Returns the pids of the members in other sessions than the root's whose parent lives: task runners give their tasks
 * terminals of their own, and ask them by these. To ask the leader of such a session would end its terminal.
 */
export function innerSessionPids(root: TreeRoot, members: readonly ProcessEntry[]): Set<number> {
  const outer = new Set([root.process?.pid, root.leader?.pid]);
  const pids = new Set(members.map(({ pid }) => pid));
  const leaders = members.filter(
    ({ pid, session, parent }) => pid === session && !outer.has(session) && pids.has(parent),
  );
  return new Set([...leaders.map(({ pid }) => pid), ...below(members, leaders)]);
}

/** Returns the pids of all descendants of some members. */
function below(members: readonly ProcessEntry[], parents: readonly ProcessEntry[]): Set<number> {
  const found = new Set<number>();
  let pids = new Set(parents.map(({ pid }) => pid));
  while (pids.size > 0) {
    const children = members.filter(({ pid, parent }) => pids.has(parent) && !found.has(pid));
    for (const { pid } of children) found.add(pid);
    pids = new Set(children.map(({ pid }) => pid));
  }
  return found;
}
