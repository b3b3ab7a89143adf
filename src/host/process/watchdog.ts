import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ledgerPath } from '../ledger/ledgerFile.js';
import { terminateOrphansOfDeadWindow } from '../ledger/orphans.js';
import { currentPlatform } from '../platform/currentPlatform.js';
import { markerName } from '../system/processMarker.js';

/** First argument with which the bundle of the process host ends the servers of a dead window. */
const endCommand = 'end-orphans';

/** Line that reports that there is no extension host. */
const noWindow = 'none';

/** Interval in which the watchdog checks whether the extension host lives, seconds. */
const pauseSeconds = 5;

/**
 * Time in which a process host that responds has noticed that its window is gone, seconds. Longer than the wait of the
 * next window, which should come first because it can report what it has ended.
 */
const noticeSeconds = 30;

/** Time after which a process host without a window does not respond, seconds: three intervals of its lines. */
const maxLineSeconds = 90;

/**
 * Script of the watchdog. Arguments: record of the process host, pid of the extension host, and the command that ends the
 * servers. Its standard input has a line for each later extension host, and one from time to time while there is none; it
 * ends with the process host. The record is gone once nothing of the window runs: after a normal end of the process host, or
 * when the extension host has cleaned up after a killed one.
 *
 * A process host that does not respond writes no line when its window is gone. `watch` kills it then, which ends the input.
 * The pauses are short, so that a machine that slept gives the process host as much time as this shell.
 */
const script = `
window=$2
rest() {
  kill -0 $$ 2>/dev/null || exit
  sleep ${pauseSeconds} & pause=$!
  wait "$pause"
}
watch() {
  trap 'kill "$pause" 2>/dev/null; exit' TERM
  if [ "$window" = ${noWindow} ]; then
    left=${maxLineSeconds}
  else
    while kill -0 "$window" 2>/dev/null; do rest; done
    left=${noticeSeconds}
  fi
  while [ "$left" -gt 0 ]; do rest; left=$((left - ${pauseSeconds})); done
  kill -0 $$ 2>/dev/null && kill -KILL "$PPID"
}
end_watch() {
  kill "$watch" 2>/dev/null
  wait "$watch"
}
watch & watch=$!
while read -r line; do
  end_watch
  window=$line
  watch & watch=$!
done
end_watch
while [ -e "$1" ] && [ "$window" != ${noWindow} ] && kill -0 "$window" 2>/dev/null; do sleep 1; done
[ -e "$1" ] || exit 0
shift 2
exec "$@"
`;

/**
 * A small shell that outlives this process host. It stops the servers when the extension host is gone and this process
 * was killed or does not respond. Not yet run on macOS.
 */
export class Watchdog {
  #window = String(process.ppid);
  #child: ChildProcess | undefined;

  constructor(
    private readonly folder: string,
    private readonly windowId: string,
  ) {}

  /** Resolves with whether it runs. */
  async start(): Promise<boolean> {
    const { [markerName]: _, ...env } = process.env;
    const command = [process.execPath, ...process.argv.slice(1, 2), endCommand, this.folder, this.windowId];
    const record = ledgerPath(this.folder, this.windowId);
    const child = spawn('/bin/sh', ['-c', script, 'watchdog', record, this.#window, ...command], {
      env,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      // Signals to the group of this process do not reach it.
      detached: true,
    });
    child.unref();
    // It may be killed.
    child.stdin?.on('error', () => undefined);
    this.#child = child;
    try {
      await once(child, 'spawn');
      return true;
    } catch {
      return false;
    }
  }

  /** Says which extension host this process host works for; `undefined` for none, which must be said again and again. */
  setWindow(pid: number | undefined): void {
    this.#window = pid === undefined ? noWindow : String(pid);
    this.#child?.stdin?.write(`${this.#window}\n`);
  }
}

/** Ends the servers of a dead window if the arguments of this process say so. Returns whether they do. */
export function isEndOfOrphans(args: readonly string[], reportError: (error: unknown) => void): boolean {
  const [command, folder = '', windowId = ''] = args;
  if (command !== endCommand) return false;
  const log = { info: () => undefined, error: reportError };
  void terminateOrphansOfDeadWindow(windowId, { folder, platform: currentPlatform(), log }).catch(
    reportError,
  );
  return true;
}
