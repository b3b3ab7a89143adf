import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { WindowClient } from '../../../src/mcp/bridge/windowClient.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { liveWindows, writeRecord } from '../../../src/mcp/bridge/windowRecords.js';
import { WindowLink } from '../../../src/mcp/server/windowLink.js';
import { localAddress } from '../../../src/host/system/localSocket.js';

describe('the connection to a window', () => {
  let folder: string;
  let address: string;
  let server: Server;
  let answers: (socket: Socket, line: string) => void;
  const sockets = new Set<Socket>();
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-window-'));
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n').filter(Boolean)) answers(socket, line);
      });
    });
    address = await localAddress(folder, 'window-1');
    await new Promise<void>((resolve, reject) => server.on('error', reject).listen(address, resolve));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const connect = (timeouts: { welcomeMs: number; heartbeatMs: number }) => {
    const identity = { pid: process.pid, startTime: '1', bootId: '' };
    const location = { socket: address, token: 'token' };
    const record = { windowId: 'window-1', process: identity, folders: [], focusedAt: 0, ...location };
    const events = { onServersChanged: () => undefined, onClosed: () => undefined };
    return WindowClient.connect(record, { name: 'test' }, events, timeouts);
  };
  const send = (socket: Socket, message: object) => socket.write(`${JSON.stringify(message)}\n`);

  it('is kept if the end of an earlier connection is reported after it was opened', async () => {
    const identity = await currentPlatform().identify(process.pid);
    const windowId = 'window-1';
    await writeRecord(folder, {
      windowId,
      process: identity ?? assert.fail('This process has no identity.'),
      folders: [folder],
      socket: address,
      token: 'token',
      focusedAt: 0,
    });
    answers = (socket, line) => {
      if (line.includes('hello') && sockets.size === 1) socket.destroy();
      else if (line.includes('hello')) send(socket, { kind: 'welcome' });
    };
    let second: Promise<WindowClient> | undefined;
    const link: WindowLink = new WindowLink({
      openWindows: () => liveWindows(folder, currentPlatform()),
      cwd: folder,
      windowId,
      agent: () => 'test',
      // On the notification of the end, this client asks for the servers at once.
      onServersChanged: () => {
        second ??= link.connect();
      },
      onLogGrown: () => undefined,
    });
    await assert.rejects(link.connect(), /The VS Code window was closed/u);
    const client = await second;
    assert.equal(await link.connect(), client);
    client?.close();
  });

  it('refuses a connection after a while', async () => {
    answers = () => undefined;
    await assert.rejects(connect({ welcomeMs: 50, heartbeatMs: 10_000 }), /does not respond/);
  });

  it('answers no call, which is given up', async () => {
    answers = (socket, line) => void (line.includes('hello') && send(socket, { kind: 'welcome' }));
    const client = await connect({ welcomeMs: 200_000, heartbeatMs: 30 });
    await assert.rejects(client.call('devservers_list_servers', {}), /does not respond/);
  });

  it('is closed when the window ends before it has read a call', async () => {
    answers = (socket) => send(socket, { kind: 'welcome' });
    const client = await connect({ welcomeMs: 200_000, heartbeatMs: 10_000 });
    const call = client.call('devservers_list_servers', {});
    // The system already has the call, and reports that the window did not read it.
    for (const socket of sockets) socket.destroy();
    await assert.rejects(call, { name: 'WindowClosedError' });
  });

  it('allows a long call as long as there are signs of life', async () => {
    let pings = 0;
    answers = (socket, line) => {
      if (line.includes('hello')) send(socket, { kind: 'welcome' });
      if (line.includes('"ping"')) send(socket, { kind: 'pong' });
      if (line.includes('"ping"') && ++pings === 8)
        send(socket, { kind: 'answer', request: 1, answer: { text: 'done', data: {} } });
    };
    const client = await connect({ welcomeMs: 200_000, heartbeatMs: 200 });
    assert.equal((await client.call('devservers_list_servers', {})).text, 'done');
    client.close();
  });
});
