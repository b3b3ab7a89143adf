import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { connectToHeld } from '../../../src/host/client/hostConnection.js';
import { WindowClient } from '../../../src/mcp/bridge/windowClient.js';

const otherUser = 65_534;

describe.skipIf(process.platform === 'win32')('a client of a window', () => {
  let folder: string;
  let server: Server;
  let received: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-'));
    mkdirSync(join(folder, 'own'), { mode: 0o700 });
    received = '';
    server = createServer((socket) => {
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.write('{"kind":"welcome"}\n');
    });
    server.listen(join(folder, 'own', 's'));
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true });
  });

  async function connect(socket: string): Promise<string> {
    const process = { pid: 2, startTime: '', bootId: '' };
    const record = { windowId: 'w', process, folders: [], focusedAt: 0, socket, token: 'the token' };
    const events = { onServersChanged: () => undefined, onClosed: () => undefined };
    try {
      const client = await WindowClient.connect(record, { name: 'test' }, events);
      client.close();
      return 'connected';
    } catch (error) {
      return error instanceof Error ? error.message.slice(0, 24) : '';
    }
  }

  /** Connects as the next window does to a process host that holds servers. */
  async function connectToHost(address: string): Promise<string> {
    const host = { pid: process.pid, startTime: '', bootId: '' };
    const link = { protocol: 1, address, token: 'the token', heldUntil: 0 };
    const listeners = { onValues: () => undefined, onGone: () => undefined };
    try {
      (await connectToHeld(host, link, listeners)).close();
      return 'connected';
    } catch (error) {
      return error instanceof Error ? error.message.slice(0, 24) : '';
    }
  }

  const refusal = 'The socket is in a folde';
  const own = (): string => join(folder, 'own', 's');

  it('sends its token to a socket of its user', async () => {
    assert.deepEqual([await connect(own()), await connectToHost(own())], ['connected', 'connected']);
  });

  it('sends its token to no socket that another user may have created', async () => {
    symlinkSync(join(folder, 'own'), join(folder, 'link'));
    mkdirSync(join(folder, 'files'), { mode: 0o700 });
    writeFileSync(join(folder, 'files', 's'), '');
    symlinkSync(own(), join(folder, 'files', 'link'));
    const results = [
      await connect(join(folder, 'link', 's')),
      await connect(join(folder, 'files', 's')),
      await connect(join(folder, 'files', 'link')),
    ];
    for (const mode of [0o777, 0o770, 0o702]) {
      chmodSync(join(folder, 'own'), mode);
      results.push(await connect(own()));
    }
    chmodSync(join(folder, 'own'), 0o700);
    // Only root may give files away.
    if (process.getuid?.() === 0) {
      chownSync(join(folder, 'own'), otherUser, otherUser);
      results.push(await connect(own()));
      chownSync(join(folder, 'own'), 0, 0);
      chownSync(own(), otherUser, otherUser);
      results.push(await connect(own()));
    }
    assert.deepEqual([results, received], [results.map(() => refusal), '']);
  });

  it('takes no servers over from a socket that another user may have created', async () => {
    symlinkSync(join(folder, 'own'), join(folder, 'link'));
    const results = [await connectToHost(join(folder, 'link', 's'))];
    chmodSync(join(folder, 'own'), 0o770);
    results.push(await connectToHost(own()));
    assert.deepEqual(results, [refusal, refusal]);
  });
});
