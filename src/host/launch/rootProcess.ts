import { constants } from 'node:os';
import { Deferred } from '../../core/deferred.js';
import type { ExitStatus, RunId } from '../../core/server/state.js';
import { ServerError } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';
import { freeTasks } from '../system/freeTasks.js';
import { missingTerminals, spawnPty } from './pty.js';
import type { Pty, PtyProgram } from './terminalProcess.js';
import type { SessionLeaders } from './sessionLeader.js';
import type { LeaderReport } from './sessionLeaderScript.js';

export interface RootRequest extends PtyProgram {
  readonly runId: RunId;
  /** Leads the session of the process, where the platform has sessions. */
  readonly leaders: SessionLeaders | undefined;
  readonly onData: (chunk: Buffer) => void;
  /** Called when the process has ended; others of its tree may live. */
  readonly onExit: (exit: ExitStatus) => void;
}

/** Pids of a process that was started and of the leader of its session, where that is another one. */
interface StartedRoot {
  readonly pid: number;
  readonly leaderPid: number | undefined;
}

/** The first process of a server, in a pseudo-terminal of its own. */
export interface RootProcess extends Omit<Pty, 'pid' | 'created'> {
  /**
   * Resolves when the pid is known. Also resolves for a process that has ended by then. Rejects with `spawnFailed` when
   * the process could not be created; `onExit` is not called then.
   */
  readonly started: Promise<StartedRoot>;
  /** Resolves when the terminal is closed and all of its output was passed on. */
  readonly closed: Promise<void>;
}

/** The first server says that there are no terminals. */
let isProblemShown = false;

/**
 * Number of processes and threads that must be available for a start: for the server, its session leader, a thread of
 * node-pty, and those that other programs create at the same moment.
 */
const minFreeTasks = 16;

/**
 * Starts a process. Throws the error of the system when no terminal or process can be created, and `spawnFailed` before the
 * limit of processes and threads: node-pty ends this process when it cannot create a thread.
 */
export function startRoot(request: RootRequest): RootProcess {
  const { runId, onData, onExit, cwd, env, file, args } = request;
  requireFreeTasks(file);
  const problem = missingTerminals();
  if (problem !== undefined && !isProblemShown) {
    isProblemShown = true;
    onData(Buffer.from(`${problem}\r\n`));
  }
  // A leader needs a terminal.
  const leaders = problem === undefined && request.leaders?.canReport === true ? request.leaders : undefined;
  const started = new Deferred<StartedRoot>();
  const closed = new Deferred();
  let hasExited = false;
  const exit = (code: number | undefined, signal: number | undefined): void => {
    if (hasExited) return;
    hasExited = true;
    onExit(exitStatus(code, signal));
  };
  const onReport = (report: LeaderReport): void => {
    if (report.kind === 'ended') return exit(report.code, report.signal);
    const { rootPid } = report;
    // If the shell cannot lead the session, the root has replaced it.
    started.resolve({ pid: rootPid, leaderPid: rootPid === pty.pid ? undefined : pty.pid });
  };
  const program = { file, args, cwd, env };
  const pty = spawnPty({
    ...(leaders?.lead(runId, program, onReport) ?? program),
    onData,
    onExit: (code, signal) => {
      leaders?.forget(runId);
      // A leader that exits before its server has reported neither pid nor exit.
      started.resolve(pty.created.then(withoutLeader));
      exit(code, signal);
      closed.resolve();
    },
  });
  if (!leaders) started.resolve(pty.created.then(withoutLeader));
  // A start that was given up does not wait for it.
  started.promise.catch(() => undefined);
  return { ...pty, started: started.promise, closed: closed.promise };
}

function requireFreeTasks(file: string): void {
  const free = freeTasks(minFreeTasks);
  if (free === undefined || free >= minFreeTasks) return;
  throw new ServerError(
    'spawnFailed',
    untranslated(
      '{1} was not started: this user or container can have only {0} more processes or threads.',
      Math.max(0, free),
      file,
    ),
  );
}

function withoutLeader(pid: number): StartedRoot {
  return { pid, leaderPid: undefined };
}

function exitStatus(code: number | undefined, signal: number | undefined): ExitStatus {
  if (signal !== undefined) return { kind: 'signal', signal: signalName(signal) };
  return code === undefined ? { kind: 'unknown' } : { kind: 'code', code };
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `signal ${number}`;
}
