import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'vitest';
import { freePort } from '../../../src/host/sockets/tcpPorts.js';

const servers = new Set<ReturnType<typeof createServer>>();

afterEach(() => {
  for (const server of servers) server.close();
  servers.clear();
});

async function listenOn(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  servers.add(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Returns a function that returns these ports in turn, and then one that is free. */
function chooser(...ports: readonly number[]): () => Promise<number> {
  const remaining = [...ports];
  return async () => remaining.shift() ?? (await freePort(undefined, new Set(ports)));
}

describe('a free port that the system chooses', () => {
  it('is free at every address', async () => {
    const taken = [await listenOn('0.0.0.0'), await listenOn('::1')];
    const port = await freePort(undefined, new Set(), chooser(...taken));
    assert.ok(!taken.includes(port), `port ${port} is in use`);
  });

  it('is none of those that were assigned to others', async () => {
    const other = await freePort(undefined, new Set());
    const port = await freePort(undefined, new Set([other]), chooser(other));
    assert.notEqual(port, other);
  });
});
