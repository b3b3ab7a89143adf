import { constants } from 'node:os';

/**
 * Script of the shell that leads a session. Arguments: id of the run, folder of the reports, shell, script of the root,
 * program, arguments of the program. It runs the root as a foreground job, so that the root has a process group of its
 * own, to which the terminal belongs from the start; reports its end; and then waits to be killed.
 *
 * - Shells report the end by a signal as 128 + its number, as a program may exit by itself. dash and ash print the name
 *   of the signal to their standard error, and run the trap for SIGINT; bash does neither, and needs the terminal there.
 * - A job that Ctrl+Z suspends is continued, since this shell has no prompt at which the user could do so. After SIGSTOP
 *   the leader waits until the sender continues the job. A suspension ends a loop in bash, and SIGINT for the job ends
 *   the script, so this is a recursion, and the report is a trap.
 * - The state of a job is read from `/proc` where there is one: busybox runs its own `ps`, which takes no pid.
 * - When the process host is killed, the kernel sends SIGHUP to this shell, and to the root only when this shell ends.
 * - zsh and ksh give no terminal to the jobs of a script, and bash 3, which may be `/bin/sh` on macOS, does not continue a
 *   job that Ctrl+Z suspends. There the root replaces the leader.
 * - A subshell cannot name its own pid without `/proc`, only another shell can, whose start takes several milliseconds.
 *   It lists its threads, of which the only one has its pid: a shell reads a file with one system call per byte.
 */
export const leaderScript = (outlivesHost: boolean): string => `
exec 3>"$2/reports" 4>&2
evidence=$2/$1 run=$1 shell=$3 root=$4
shift 4
set -m
case $ZSH_VERSION$KSH_VERSION/$BASH_VERSION in
  / | /[!123]*) ;;
  *) exec "$shell" -c 'echo "$0 started $$" >&3; '"$root" "$run" "$@" ;;
esac
finish() {
  trap '' INT QUIT
  [ -n "$code" ] || code=130 cause=signal
  [ -s "$evidence" ] && cause=signal
  echo "$run ended $code $cause" >&3 || exit
  exec /bin/sleep 2147483647
}
is_suspended() {
  state=
  if [ -d /proc/self/task ]; then
    while [ "$key" != State: ] && read -r key state; do :; done <"/proc/$1/status"
    key=
  else
    state=$(ps -o state= -p "$1")
  fi
  case $state in T*) ;; *) return 1 ;; esac
}
resume() {
  if [ "$code" -gt 128 ] && jobs -p %% >"$evidence.job" 2>/dev/null; then
    read -r pid <"$evidence.job"
    while [ "$code" = ${128 + constants.signals.SIGSTOP} ] && is_suspended "$pid" 2>/dev/null; do /bin/sleep 1; done
    [ "$cause" = unknown ] || exec 2>"$evidence"
    code=
    fg >/dev/null
    code=$?
    resume
  fi
}
cause=exit
if [ -n "$BASH_VERSION" ]; then cause=unknown; else exec 2>"$evidence"; fi
trap 'cause=signal' INT
trap : QUIT
${outlivesHost ? 'trap : HUP' : ''}
trap finish EXIT
if [ -d /proc/self/task ]; then
  (
    for pid in /proc/self/task/*; do :; done
    echo "$run started \${pid##*/}" >&3
    eval "$root"
  )
else
  "$shell" -c 'echo "$0 started $$" >&3; '"$root" "$run" "$@"
fi
code=$?
resume
`;

/** Prefix of the variables that carry others past the shells. */
const carrierPrefix = 'DEV_SERVER_REGISTRY_CARRIED_';

/** Variables that shells set or use themselves. */
const ownOfShells = /^(?:PPID|IFS|OPT(?:IND|ARG|ERR)|LINENO|PS\d|SHELLOPTS|(?:BASH|ZSH|KSH).*)$/;

/** Variables that the script of the leader sets; a shell would export its own values in place of the server's. */
const setByLeader = /^(?:evidence|run|shell|root|code|cause|pid|key|state)$/;

/** Variables that macOS takes from its own programs, and so from shells and `env`, but not from what they execute. */
const takenByMacos = /^(?:DYLD_.*|LD_LIBRARY_PATH)$/;

/** Variables that shells other than dash change. */
const changedByOthers = /^(?:_|PWD|SHLVL|OLDPWD)$/;

/** A name that every shell passes on: dash drops other names. */
const identifier = /^[A-Za-z_]\w*$/;

/** Variables that shells other than dash may add. */
const addedByShells = ['_', 'SHLVL', 'OLDPWD'];

/** An environment for the shells, and the number of variables that it carries for the root. */
export interface CarryingEnvironment {
  readonly env: Readonly<Record<string, string>>;
  readonly carried: number;
}

/**
 * Returns an environment in which variables that a shell would change or drop travel inside of others. Their values are
 * not passed as arguments, which other users could read.
 */
export function carryVariables(
  env: Readonly<Record<string, string>>,
  { cwd, isDash }: { readonly cwd: string; readonly isDash: boolean },
): CarryingEnvironment {
  const isCarried = (name: string): boolean =>
    ownOfShells.test(name) ||
    setByLeader.test(name) ||
    takenByMacos.test(name) ||
    (!isDash && changedByOthers.test(name)) ||
    !identifier.test(name);
  const own = Object.entries(env).filter(([name]) => !isCarried(name));
  // As node-pty sets it.
  const carried = Object.entries({ ...env, PWD: cwd }).filter(([name]) => isCarried(name));
  const carriers = carried.map(([name, value], index) => [carrierPrefix + index, `${name}=${value}`]);
  return { env: Object.fromEntries([...own, ...carriers]), carried: carried.length };
}

/** Returns the script of the root, which becomes the program with the environment that was asked for. */
export function rootScript(
  carried: number,
  { file, isDash }: { readonly file: string; readonly isDash: boolean },
): string {
  if (isDash && carried === 0) return 'exec "$@" 2>&4 3>&- 4>&-';
  const carriers = Array.from({ length: carried }, (_, index) => carrierPrefix + index);
  const options = [...(isDash ? [] : addedByShells), ...carriers].map((name) => `-u ${name}`);
  const variables = carriers.map((name) => `"$${name}"`);
  // `env` would take a program whose path contains `=` for a variable.
  const program = file.includes('=') ? `/bin/sh -c 'exec "$@"' sh "$@"` : '"$@"';
  const command = ['/usr/bin/env', ...options, ...variables, program].join(' ');
  return `exec ${command} 2>&4 3>&- 4>&-`;
}

/** A report of a session leader. */
export type LeaderReport =
  | { readonly kind: 'started'; readonly rootPid: number }
  | { readonly kind: 'ended'; readonly code: number; readonly signal: number | undefined };

const reportLine = /^([\w-]+) (?:started (\d{1,10})|ended (\d{1,3}) (exit|signal|unknown))$/;

/** Parses a line of the FIFO. */
export function parseReport(line: string): { runId: string; report: LeaderReport } | undefined {
  const [, runId, rootPid, code, cause] = reportLine.exec(line) ?? [];
  if (runId === undefined) return undefined;
  if (rootPid !== undefined) return { runId, report: { kind: 'started', rootPid: Number(rootPid) } };
  return { runId, report: { kind: 'ended', code: Number(code), signal: signalOf(Number(code), cause) } };
}

/** Returns the signal that a status stands for. If the shell cannot tell, the status counts as a signal. */
function signalOf(code: number, cause: string | undefined): number | undefined {
  const signal = code - 128;
  return cause !== 'exit' && Object.values<number>(constants.signals).includes(signal) ? signal : undefined;
}
