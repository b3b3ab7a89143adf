import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentPlatform } from '../platform/currentPlatform.js';

/** The port that an http(s) address means. */
export function portOfUrl(text: string): number {
  const url = new URL(text);
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** How long a port may take to become free when those who held it are dead, as a container engine's does; milliseconds. */
const releaseMs = 1000;

/** Those of the ports that somebody holds and does not give up. */
export async function portsInUse(ports: readonly number[]): Promise<number[]> {
  const deadline = performance.now() + releaseMs;
  let held = await heldAmong(ports);
  for (let pauseMs = 5; held.length > 0 && performance.now() < deadline; pauseMs *= 2) {
    await sleep(pauseMs);
    held = await heldAmong(held);
  }
  return held;
}

async function heldAmong(ports: readonly number[]): Promise<number[]> {
  const held = await Promise.all(
    ports.map(async (port) => ((await bindability(port)) === 'taken' ? [port] : [])),
  );
  return held.flat();
}

/** What an attempt to listen tells of a port; `unknown` for one that needs privileges. */
type Bindability = 'free' | 'taken' | 'unknown';

/** Tries to bind a port at every address at which the next server may want it. */
export async function bindability(port: number): Promise<Bindability> {
  const answers: Bindability[] = [];
  for (const hosts of currentPlatform().bindAddresses) answers.push(await bindabilityAtFirst(hosts, port));
  if (answers.includes('taken')) return 'taken';
  return answers.includes('unknown') ? 'unknown' : 'free';
}

/** How many ports above the wanted one are tried: one that is near is easier to remember than any other. */
const nearPorts = 20;

/** A port that nobody holds at the moment, the next above `near` if possible, and none of `except`. */
export async function freePort(near: number | undefined, except: ReadonlySet<number>): Promise<number> {
  const last = near === undefined ? 0 : Math.min(near + nearPorts, 65_535);
  for (let port = (near ?? 0) + 1; port <= last; port += 1) {
    if (!except.has(port) && (await bindability(port)) === 'free') return port;
  }
  for (;;) {
    const port = await anyPort();
    if (!except.has(port)) return port;
  }
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** A machine that has none of the addresses says nothing about a port. */
async function bindabilityAtFirst(hosts: readonly string[], port: number): Promise<Bindability> {
  for (const host of hosts) {
    const answer = await bindabilityAt(host, port);
    if (answer) return answer;
  }
  return 'free';
}

/** `undefined` at an address that the machine does not have. */
function bindabilityAt(host: string, port: number): Promise<Bindability | undefined> {
  const meanings: Readonly<Record<string, Bindability>> = { EADDRINUSE: 'taken', EACCES: 'unknown' };
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(meanings[code]));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('free')));
  });
}
