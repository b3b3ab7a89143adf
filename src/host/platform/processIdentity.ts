import type { ProcessIdentity } from '../../core/server/state.js';
import type { Platform } from './platform.js';

/** Returns whether this process lives, and not another one with its pid. */
export async function isAlive(
  identity: ProcessIdentity,
  platform: Pick<Platform, 'identify'>,
): Promise<boolean> {
  const now = await platform.identify(identity.pid);
  return now?.startTime === identity.startTime && now.bootId === identity.bootId;
}
