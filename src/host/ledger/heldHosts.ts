import type { ProcessIdentity } from '../../core/server/state.js';
import type { Platform } from '../platform/platform.js';
import { isAlive } from '../platform/processIdentity.js';
import { protocolVersion } from '../ipc/protocol.js';
import type { HostLink } from './hostLink.js';
import { readLedgers } from './ledgerFile.js';

/** A process host that holds servers for the next window. */
export interface HeldHost {
  readonly windowId: string;
  readonly host: ProcessIdentity;
  readonly link: HostLink;
}

export interface HeldHosts {
  /** The latest first. */
  readonly held: readonly HeldHost[];
  /** Whether a process host of another version of the extension holds servers of the workspace. */
  readonly hasOtherVersion: boolean;
  /** Whether another process host of the workspace lives, whose window may be about to leave its servers. */
  readonly isPending: boolean;
}

interface HeldHostsDeps {
  /** Folder of the ledger. */
  readonly folder: string;
  readonly platform: Platform;
}

/** Finds the process hosts whose workspace had no other folders than these. */
export async function findHeldHosts(
  workspace: readonly string[],
  ownWindowId: string,
  { folder, platform }: HeldHostsDeps,
): Promise<HeldHosts> {
  const held: HeldHost[] = [];
  let isPending = false;
  let hasOtherVersion = false;
  for (const file of await readLedgers(folder)) {
    if (file.kind !== 'ledger' || file.ledger.windowId === ownWindowId) continue;
    const { windowId, host, link, workspace: folders = [] } = file.ledger;
    const isOurs = folders.length > 0 && folders.every((each) => workspace.includes(each));
    if (!isOurs || !(await isAlive(host, platform).catch(() => false))) continue;
    if (!link) isPending = true;
    else if (link.protocol !== protocolVersion) hasOtherVersion = true;
    else held.push({ windowId, host, link });
  }
  const latestFirst = held.toSorted((one, other) => other.link.heldUntil - one.link.heldUntil);
  return { held: latestFirst, hasOtherVersion, isPending };
}
