import { isThisMachine } from '../sockets/hostNames.js';
import type { SocketScan } from '../sockets/socketOwners.js';
import type { AnnouncedPorts } from './announcedPorts.js';

/**
 * Announces the URLs with host names that lead to this machine, such as names in the hosts file. A name is resolved only
 * when its port is the server's, since output may name any host.
 */
export async function announceNamedHosts(announced: AnnouncedPorts, { sockets }: SocketScan): Promise<void> {
  const own = new Set(
    sockets.flatMap(({ listener, owner }) => (owner.kind === 'foreign' ? [] : [listener.port])),
  );
  const urls = [...announced.named].flatMap(([port, url]) => (own.has(port) ? [url] : []));
  for (const url of urls) announced.settleName(url, await isThisMachine(new URL(url).hostname));
}
