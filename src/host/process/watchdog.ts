import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ledgerPath } from '../ledger/ledgerFile.js';
import { terminateOrphansOfDeadWindow } from '../ledger/orphans.js';
import { currentPlatform } from '../platform/currentPlatform.js';
import { markerName } from '../system/processMarker.js';

/** First argument with which the bundle of the process host ends the servers of a dead window. */
const endCommand = 'end-orphans';

/**
 * Script of the watchdog. Arguments: record of the process host, pid of the extension host, and the command that ends the
 * servers. Its standard input ends with the process host. The record is gone once nothing of the window runs: after a
 * normal end of the process host, or when the extension host has cleaned up after a killed one.
 */
const script = `
read -r end
while [ -e "$1" ] && kill -0 "$2" 2>/dev/null; do sleep 1; done
[ -e "$1" ] || exit 0
shift 2
exec "$@"
`;

/**
 * Starts a small shell that outlives this process host, and ends the servers of the window when both this process and the
 * extension host were killed. Resolves with whether it runs. Not yet run on macOS.
 */
export async function startWatchdog(folder: string, windowId: string): Promise<boolean> {
  const { [markerName]: _, ...env } = process.env;
  const command = [process.execPath, ...process.argv.slice(1, 2), endCommand, folder, windowId];
  const record = ledgerPath(folder, windowId);
  const child = spawn('/bin/sh', ['-c', script, 'watchdog', record, String(process.ppid), ...command], {
    env,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    // Signals to the group of this process do not reach it.
    detached: true,
  });
  child.unref();
  try {
    await once(child, 'spawn');
    return true;
  } catch {
    return false;
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
