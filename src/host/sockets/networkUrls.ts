import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { portOfUrl } from '../../core/server/urlPort.js';

/** Maximum wait for a connection to an address of this machine, milliseconds. */
const connectTimeoutMs = 1000;

/** Returns the URLs at which other devices of the local network reach a server of this machine; empty if they cannot. */
export async function networkUrls(url: string, hosts: readonly string[] = networkHosts()): Promise<string[]> {
  const port = portOfUrl(url);
  if (port === undefined) return [];
  const accepted = await Promise.all(hosts.map((host) => accepts(host, port)));
  return hosts.flatMap((host, index) => {
    if (accepted[index] !== true) return [];
    const there = new URL(url);
    there.hostname = host;
    return there.href;
  });
}

function networkHosts(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectTimeoutMs });
    const settle = (isAccepted: boolean): void => {
      socket.destroy();
      resolve(isAccepted);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}
