import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../core/server/state.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import { hostMarker } from '../system/processMarker.js';
import { ledgerPath, readLedger, type Ledger } from './ledgerFile.js';

/**
 * Time in which a process host ends its servers and itself once its window is gone, milliseconds; twice what it takes. Only
 * time in which this process runs counts, so that a machine that slept takes none from the other process.
 */
const maxClosingMs = 10_000;

/** Time in which a process that was killed is gone, milliseconds. */
const maxKillMs = 3000;

const pollMs = 50;

interface ClosingHostDeps {
  /** Folder of the ledger. */
  readonly folder: string;
  readonly platform: Platform;
}

/**
 * Resolves with whether the process host on record is dead. One whose window is gone is about to hold its servers for the
 * next window, or to end: it is waited for, and killed when it does neither, since it does not respond then.
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
