import type { StopSignal } from '../../core/server/overrides.js';
import { isPromptShell } from './idleShells.js';
import { pidsAbove, pidsBelow } from './relatives.js';
import { processKey, programName, type ProcessEntry, type TreeRoot } from '../system/processes.js';

/** A program that forwards a stop signal to its children. It waits for them unless `isHasty` is set. */
interface Relay {
  readonly program: RegExp;
  /** Part of its command line: its own script, or the option or command with which it has children. */
  readonly words: RegExp;
  readonly signals: readonly StopSignal[];
  /** It ends at once, and its children go on. */
  readonly isHasty?: true;
}

/**
 * The relays. A group with one of them must not get the signal as a whole, since its children would get it twice.
 * `docs/clean-ends.md` has the measurements.
 */
const relays: readonly Relay[] = [
  { program: /^g?make$/, words: /^/, signals: ['SIGTERM'] },
  { program: /^node$/, words: /\s--watch(?:\s|=|-path)/, signals: ['SIGTERM', 'SIGINT'] },
  {
    program: /^node$/,
    words:
      /[/\\](?:nodemon|tsx|concurrently|cross-env(?:-shell)?|dotenv)(?:\.[cm]?js)?(?:\s|$)|[/\\](?:tsx|dotenv-cli)[/\\]/,
    signals: ['SIGTERM', 'SIGINT'],
  },
  { program: /^bun$/, words: /\s(?:run|--watch|--hot)\s/, signals: ['SIGTERM', 'SIGINT'] },
  { program: /^deno$/, words: /\s(?:task|run\s.{0,500}--watch)/, signals: ['SIGTERM', 'SIGINT'] },
  { program: /^(?:tini|dumb-init|timeout)$/, words: /^/, signals: ['SIGTERM', 'SIGINT'] },
  { program: /^entr$/, words: /\s-[a-qs-z]*r/, signals: ['SIGTERM', 'SIGINT'] },
  { program: /^python[\d.]*$/, words: /[/\\]supervisord(?:\s|$)/, signals: ['SIGTERM', 'SIGINT'] },
  // Its workers have no handler of their own.
  { program: /^python[\d.]*$/, words: /[/\\]hypercorn(?:\s|$)/, signals: ['SIGTERM', 'SIGINT'] },
  // A build that is cancelled ends what its daemon has started.
  {
    program: /^java$/,
    words: /\sorg\.gradle\.launcher\.daemon\.bootstrap\.GradleDaemon(?:\s|$)/,
    signals: ['SIGTERM', 'SIGINT'],
  },
  {
    program: /^node$/,
    words: /[/\\](?:env-cmd|node-dev)(?:\.js)?(?:\s|$)/,
    signals: ['SIGTERM', 'SIGINT'],
    isHasty: true,
  },
];

/** Programs that cut off their tasks when they get a signal, but not on Ctrl+C in the terminal. */
const cutters: readonly Pick<Relay, 'program' | 'words'>[] = [
  { program: /^node$/, words: /[/\\]nx(?:\.js)?(?:\s|$)/ },
  { program: /^script$/, words: /^/ },
];

/** Programs that ask the tasks in the terminals that they opened, when they get a signal. */
const terminalAskers: readonly Pick<Relay, 'program' | 'words'>[] = [{ program: /^turbo$/, words: /^/ }];

/** Decides which processes of a tree their parents ask to end, so that they are left alone. */
export class AskedByParents {
  readonly #relayed = new Set<string>();
  readonly #belowHasty = new Set<string>();
  /** Keys of the leaders of inner sessions that were seen, by the pid of the program that opened these. */
  readonly #seenLeaders = new Map<number, Set<string>>();
  /** Keys of the leaders in terminals that were opened after another one of the program had ended. */
  readonly #reopened = new Set<string>();

  constructor(
    private readonly root: TreeRoot,
    private readonly signal: StopSignal,
    /** Ctrl+C was typed in their terminal, which asks all of them. */
    private readonly isTyped = false,
  ) {}

  /**
   * Records the members of the tree that are below relays now, and returns the pids of those that their parents ask.
   * Below a relay, this includes processes whose own parent has exited, until all relays have; below a hasty relay, only
   * while there is time. `hasTime` says whether enough of the grace is left for processes other than children of relays.
   */
  update(members: readonly ProcessEntry[], hasTime: boolean): ReadonlySet<number> {
    if (this.isTyped && hasTime) return new Set(members.map(({ pid }) => pid));
    const sessions = this.#innerSessions(members);
    const active = relaysAmong(members, this.signal).filter(
      // The end of a hasty one would close the terminal of its children.
      ({ pid, command }) => !sessions.inTerminals.has(pid) || !relayOf(command)?.isHasty,
    );
    for (const key of keysBelow(members, active, sessions.cutOff)) this.#relayed.add(key);
    const hasty = active.filter(({ command }) => relayOf(command)?.isHasty);
    for (const key of keysBelow(members, hasty, sessions.cutOff)) this.#belowHasty.add(key);
    const relayed = members.filter((entry) => {
      const key = processKey(entry);
      return (active.length > 0 && this.#relayed.has(key)) || (hasTime && this.#belowHasty.has(key));
    });
    return new Set([
      ...relayed.map(({ pid }) => pid),
      ...(hasTime ? innerSessionPids(members, sessions, active) : []),
    ]);
  }

  /** A program that opens another terminal when one ends is asked at once: it may do that each time. */
  #innerSessions(members: readonly ProcessEntry[]): InnerSessions {
    const leaders = innerLeaders(this.root, members);
    this.#recordLeaders(leaders);
    const cutOff = cutOffLeaders(members, leaders).filter(
      (leader) => !this.#reopened.has(processKey(leader)),
    );
    const inTerminals = new Set([...cutOff.map(({ pid }) => pid), ...pidsBelow(members, cutOff)]);
    return { leaders, cutOff, inTerminals };
  }

  /** A leader that is seen for the first time need not be new: the first scan may have begun before the stop. */
  #recordLeaders(leaders: readonly ProcessEntry[]): void {
    const alive = new Set(leaders.map(processKey));
    const hasLost = new Set(
      [...this.#seenLeaders].flatMap(([opener, seen]) =>
        [...seen].every((key) => alive.has(key)) ? [] : [opener],
      ),
    );
    for (const leader of leaders) {
      const key = processKey(leader);
      const seen = this.#seenLeaders.get(leader.parent) ?? new Set();
      if (hasLost.has(leader.parent) && !seen.has(key)) this.#reopened.add(key);
      this.#seenLeaders.set(leader.parent, seen.add(key));
    }
  }
}

/** The leaders of sessions other than the root's. */
interface InnerSessions {
  readonly leaders: readonly ProcessEntry[];
  /** Those in whose terminals processes must end before the program that opened these. */
  readonly cutOff: readonly ProcessEntry[];
  /** Pids of the latter and of the processes below them. */
  readonly inTerminals: ReadonlySet<number>;
}

/** Returns the members that pass this signal on. */
function relaysAmong(members: readonly ProcessEntry[], signal: StopSignal): ProcessEntry[] {
  return members.filter(({ command }) => relayOf(command)?.signals.includes(signal) === true);
}

/** Returns whether one of these must get Ctrl+C instead of a signal. */
export function hasCutter(members: readonly ProcessEntry[]): boolean {
  return members.some(({ command }) => cutters.some((cutter) => isProgram(command, cutter)));
}

/** Returns whether the members must get separate signals: some forward the signal, or close the terminals of others. */
export function needSeparateSignals(
  root: TreeRoot,
  members: readonly ProcessEntry[],
  signal: StopSignal,
): boolean {
  return (
    relaysAmong(members, signal).length > 0 || cutOffLeaders(members, innerLeaders(root, members)).length > 0
  );
}

function relayOf(command: string): Relay | undefined {
  return relays.find((relay) => isProgram(command, relay));
}

function isProgram(command: string, { program, words }: Pick<Relay, 'program' | 'words'>): boolean {
  return program.test(programName(command)) && words.test(command);
}

/**
 * Returns the pids of members that a stop leaves alone since there are sessions other than the root's, whose leader has a
 * live parent. To ask the leader would end its terminal.
 *
 * A program that opened the terminal of such a session closes it when it ends, which cuts off what runs there: tmux,
 * `expect`, asciinema. So a stop first asks the processes there that have no children, or that pass the signal to them.
 * Then follow the others there, the program with its helpers, and those above it. The few programs that ask their tasks
 * themselves must ask alone.
 */
function innerSessionPids(
  members: readonly ProcessEntry[],
  { leaders, cutOff, inTerminals }: InnerSessions,
  relaying: readonly ProcessEntry[],
): Set<number> {
  const openerPids = new Set(cutOff.map(({ parent }) => parent));
  const openers = members.filter(({ pid }) => openerPids.has(pid));
  const waiting = new Set(members.map(({ parent }) => parent));
  for (const { pid } of relaying) waiting.delete(pid);
  const inner = [...leaders.map(({ pid }) => pid), ...pidsBelow(members, [...leaders, ...openers])];
  return new Set([
    ...inner.filter((pid) => !inTerminals.has(pid) || waiting.has(pid)),
    ...openerPids,
    ...pidsAbove(members, openers),
  ]);
}

/** Returns the leaders of sessions other than the root's whose parent is a member. */
function innerLeaders(root: TreeRoot, members: readonly ProcessEntry[]): ProcessEntry[] {
  const outer = new Set([root.process?.pid, root.leader?.pid]);
  const pids = new Set(members.map(({ pid }) => pid));
  return members.filter(
    ({ pid, session, parent }) => pid === session && !outer.has(session) && pids.has(parent),
  );
}

/**
 * Returns the leaders whose terminal the end of their parent closes, without asking them before. Not those of terminals
 * in which only shells wait for input, as in the terminals that a server opens for its users: such shells ignore SIGTERM,
 * and end with their terminal.
 */
function cutOffLeaders(members: readonly ProcessEntry[], leaders: readonly ProcessEntry[]): ProcessEntry[] {
  const askers = members.filter(({ command }) => terminalAskers.some((asker) => isProgram(command, asker)));
  const askerPids = new Set(askers.map(({ pid }) => pid));
  const isCutOff = ({ parent, hasTerminal }: ProcessEntry): boolean =>
    hasTerminal === true && !askerPids.has(parent);
  const isIdle = (leader: ProcessEntry): boolean => {
    if (!isPromptShell(leader.command)) return false;
    const below = pidsBelow(members, [leader]);
    return members.every(({ pid, command }) => !below.has(pid) || isPromptShell(command));
  };
  return leaders.filter((leader) => isCutOff(leader) && !isIdle(leader));
}

/**
 * Returns the keys of the descendants of some relays, but not of those in terminals that are `cutOff` from a relay: the
 * program that opened the terminal does not pass the signal on.
 */
function keysBelow(
  members: readonly ProcessEntry[],
  relaying: readonly ProcessEntry[],
  cutOff: readonly ProcessEntry[],
): string[] {
  const cutOffPids = new Set(cutOff.map(({ pid }) => pid));
  const below = pidsBelow(
    members.filter(({ pid }) => !cutOffPids.has(pid)),
    relaying,
  );
  return members.filter(({ pid }) => below.has(pid)).map(processKey);
}
