import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The port that an http(s) address means. */
export function portOf(text: string): number {
  const url = new URL(text);
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** How long a port may take to become free when those who held it are dead, as a container engine's does; milliseconds. */
const releaseMs = 1000;

/** Those of the ports that somebody holds and does not give up. */
export async function stillHeld(ports: readonly number[]): Promise<number[]> {
  const deadline = performance.now() + releaseMs;
  let held = await heldAmong(ports);
  for (let pauseMs = 5; held.length > 0 && performance.now() < deadline; pauseMs *= 2) {
    await sleep(pauseMs);
    held = await heldAmong(held);
  }
  return held;
}

async function heldAmong(ports: readonly number[]): Promise<number[]> {
  const held = await Promise.all(ports.map(async (port) => ((await canBind(port)) ? [] : [port])));
  return held.flat();
}

/** Whether the port can be bound on both loopback addresses and on all interfaces, as the next server may want it. */
async function canBind(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
    if (!(await canBindAt(host, port))) return false;
  }
  return true;
}

/** A port that nobody holds at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function canBindAt(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Only a taken port says no; a machine without IPv6, or a port that needs privileges, says nothing about it.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
