import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { cancellableTimer } from '../system/timers.js';

/** Maximum time for the resolution of a name, milliseconds: names of the hosts file take none. */
const lookupMs = 1000;

/** Returns whether a host name leads to this machine and nowhere else. Never rejects. */
export async function isThisMachine(hostname: string): Promise<boolean> {
  // A name below `localhost` means the loopback address (RFC 6761), even if the system resolves it to another one.
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  const limit = cancellableTimer(lookupMs);
  const found = await Promise.race([
    lookup(hostname, { all: true }).catch(() => []),
    limit.promise.then(() => []),
  ]);
  limit.cancel();
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address)),
  );
  return found.length > 0 && found.every(({ address }) => isLoopback(address) || own.has(address));
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
