import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentPlatform } from '../platform/currentPlatform.js';

/** Maximum time for a port to become free after the end of its processes, as with a container engine; milliseconds. */
const releaseMs = 1000;

/** Returns the ports that are still in use after a short wait. */
export async function portsInUse(ports: readonly number[]): Promise<number[]> {
  const deadline = performance.now() + releaseMs;
  let inUse = await portsTaken(ports);
  for (let pauseMs = 5; inUse.length > 0 && performance.now() < deadline; pauseMs *= 2) {
    await sleep(pauseMs);
    inUse = await portsTaken(inUse);
  }
  return inUse;
}

async function portsTaken(ports: readonly number[]): Promise<number[]> {
  const taken = await Promise.all(
    ports.map(async (port) => (isTaken(await bindability(port)) ? [port] : [])),
  );
  return taken.flat();
}

/**
 * Result of an attempt to bind a port: `unknown` for a port that needs privileges, on systems that have such ports, and
 * `reserved` for one that the system denies for another reason.
 */
type Bindability = 'free' | 'taken' | 'reserved' | 'unknown';

function isTaken(bindable: Bindability): boolean {
  return bindable === 'taken' || bindable === 'reserved';
}

/** Tries to bind a port at every address that a server may use. */
export async function bindability(port: number): Promise<Bindability> {
  const answers: Bindability[] = [];
  for (const hosts of currentPlatform().bindAddresses) answers.push(await firstBindability(hosts, port));
  const order: readonly Bindability[] = ['taken', 'reserved', 'unknown'];
  return order.find((each) => answers.includes(each)) ?? 'free';
}

/** Number of ports to try above the preferred one: a port near it is easiest to remember. */
const nearPorts = 20;

/** Number of ports that the system chooses before one counts as free although it may be in use at another address. */
const maxChoices = 100;

/** Returns a free port: the next one above `near` if possible, else one of the system's choice, and none of `except`. */
export async function freePort(
  near: number | undefined,
  except: ReadonlySet<number>,
  choosePort = portOfSystem,
): Promise<number> {
  const last = near === undefined ? 0 : Math.min(near + nearPorts, 65_535);
  for (let port = (near ?? 0) + 1; port <= last; port += 1) {
    if (!except.has(port) && (await bindability(port)) === 'free') return port;
  }
  return chosenPort(except, choosePort);
}

async function chosenPort(except: ReadonlySet<number>, choosePort: () => Promise<number>): Promise<number> {
  for (let choices = 1; ; choices += 1) {
    const port = await choosePort();
    if (except.has(port)) continue;
    if (choices > maxChoices || (await bindability(port)) === 'free') return port;
  }
}

/** Returns a port that is free on the loopback address; a program may listen there on another address. */
function portOfSystem(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Tests the first address that the machine has; a port is free if it has none of them. */
async function firstBindability(hosts: readonly string[], port: number): Promise<Bindability> {
  for (const host of hosts) {
    const answer = await bindabilityAt(host, port);
    if (answer) return answer;
  }
  return 'free';
}

/** Returns `undefined` for an address that the machine does not have. */
function bindabilityAt(host: string, port: number): Promise<Bindability | undefined> {
  const denied = currentPlatform().isDeniedPortReserved ? 'reserved' : 'unknown';
  const byErrorCode: Readonly<Record<string, Bindability>> = { EADDRINUSE: 'taken', EACCES: denied };
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(byErrorCode[code]));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('free')));
  });
}
