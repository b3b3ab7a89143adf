import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ledgerPath } from '../ledger/ledgerFile.js';
import { terminateOrphansOfDeadWindow } from '../ledger/orphans.js';
import { currentPlatform } from '../platform/currentPlatform.js';
import { markerName } from '../system/processMarker.js';

/** First argument with which the bundle of the process host ends the servers of a dead window. */
const endCommand = 'end-orphans';

/** Line that says that there is no extension host. */
const noWindow = 'none';

/**
 * Script of the watchdog. Arguments: record of the process host, pid of the extension host, and the command that ends the
 * servers. Its standard input has a line for each later extension host, and ends with the process host. The record is gone
 * once nothing of the window runs: after a normal end of the process host, or when the extension host has cleaned up after
 * a killed one.
 */
const script = `
window=$2
while read -r line; do window=$line; done
while [ -e "$1" ] && [ "$window" != ${noWindow} ] && kill -0 "$window" 2>/dev/null; do sleep 1; done
[ -e "$1" ] || exit 0
shift 2
exec "$@"
`;

/**
 * A small shell that outlives this process host, and ends the servers when both this process and the extension host were
 * killed. Not yet run on macOS.
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

  /** Says which extension host this process host works for; `undefined` for none. */
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
