import type { ProcessIdentity } from '../../core/server/state.js';
import { unknownStart } from '../system/processes.js';
import type { Platform } from './platform.js';

/**
 * Returns whether this process lives, and not another one with its pid. A process that could not be identified may be any
 * with its pid.
 */
export async function isAlive(
  identity: ProcessIdentity,
  platform: Pick<Platform, 'identify'>,
): Promise<boolean> {
  const now = await platform.identify(identity.pid);
  const isSame = now?.startTime === identity.startTime || identity.startTime === unknownStart;
  return isSame && now?.bootId === identity.bootId;
}
