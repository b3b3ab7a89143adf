import type { ProcessIdentity } from '../../core/server/state.js';
import { unknownStart } from '../system/processes.js';
import type { Platform } from './platform.js';

/** Id of a boot whose own id the system does not report; such a record is of this boot as far as is known. */
const unknownBoot = '';

/**
 * Returns the identity of a live process. Where the tools of the system fail, which is reported, it is one of any process
 * with its pid.
 */
export async function identityOrUnknown(
  pid: number,
  platform: Pick<Platform, 'identify' | 'bootId'>,
  reportError: (error: unknown) => void,
): Promise<ProcessIdentity> {
  const report = (error: unknown): undefined => {
    reportError(error);
  };
  return (
    (await platform.identify(pid).catch(report)) ?? {
      pid,
      startTime: unknownStart,
      bootId: (await platform.bootId().catch(report)) ?? unknownBoot,
    }
  );
}

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
  return isSame && now !== undefined && (now.bootId === identity.bootId || identity.bootId === unknownBoot);
}
