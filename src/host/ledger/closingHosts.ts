import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../core/server/state.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import { hostMarker } from '../system/processMarker.js';
import { ledgerPath, readLedger, type Ledger } from './ledgerFile.js';

/**
 * Time in which a process host ends its servers and itself once its window is gone, milliseconds; twice the time that
 * it needs. Only time in which this process runs counts, so that sleep of the machine does not shorten it.
 */
const maxClosingMs = 10_000;

/** Time for a killed process to disappear, milliseconds. */
const maxKillMs = 3000;

const pollMs = 50;

interface ClosingHostDeps {
  /** Folder of the ledger. */
  readonly folder: string;
  readonly platform: Platform;
}

/**
 * Resolves with whether the process host on record is dead. If its window is gone, it is about to hold its servers for
 * the next window, or to exit. Waits for that, and kills it if it does neither, since it then does not respond.
 */
export async function hasHostEnded(
  { host, window, windowId }: Pick<Ledger, 'host' | 'window' | 'windowId'>,
  { folder, platform }: ClosingHostDeps,
): Promise<boolean> {
  if (!(await isAlive(host, platform))) return true;
  if (!window || (await isAlive(window, platform))) return false;
  const hasOtherWindow = async (): Promise<boolean> => {
    const file = await readLedger(ledgerPath(folder, windowId));
    return file?.kind === 'ledger' && file.ledger.window?.startTime !== window.startTime;
  };
  for (let waitedMs = 0; waitedMs < maxClosingMs; waitedMs += pollMs) {
    if (!(await isAlive(host, platform))) return true;
    if (await hasOtherWindow()) return false;
    await sleep(pollMs);
  }
  const { pid, startTime } = host;
  const name = hostMarker(windowId);
  const entry = {
    pid,
    startTime,
    parent: 0,
    group: pid,
    session: pid,
    marker: name,
    command: 'process host',
  };
  await platform.signal({ name, process: undefined, parent: 0 }, [entry], 'SIGKILL');
  return endsWithin(host, maxKillMs, platform);
}

async function endsWithin(host: ProcessIdentity, maxMs: number, platform: Platform): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < maxMs; waitedMs += pollMs) {
    if (!(await isAlive(host, platform))) return true;
    await sleep(pollMs);
  }
  return false;
}
