import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { describe, it } from 'vitest';
import { plainAddress } from '../../../src/host/system/listeners.js';
import { parseFolder, parseLsof } from '../../../src/host/platform/darwinLsof.js';
import { linux } from '../../../src/host/platform/linux.js';
import { parseNetTcp } from '../../../src/host/platform/linuxSockets.js';
import { parseNetstat } from '../../../src/host/platform/windows.js';

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const rest = '00:00000000 00000000  1000        0';

describe('sockets that listen', () => {
  it('are read on Linux with address, port and waiting connections, up to the first connection', async () => {
    function* lines() {
      yield header;
      yield `   0: 0100007F:1435 00000000:0000 0A 00000000:00000003 ${rest} 4711 1 0000 100 0 0 10 0`;
      yield `   1: 00000000:0BB8 00000000:0000 0A 00000000:00000000 ${rest} 4712 1 0000 100 0 0 10 0`;
      yield `   2: 0100007F:0BB8 0100007F:9C40 01 00000000:00000000 ${rest} 4713 1 0000 100 0 0 10 0`;
      assert.fail('Connections take long to list.');
    }
    assert.deepEqual(await parseNetTcp(lines()), [
      { port: 5173, address: '127.0.0.1', id: '4711', waiting: 3, pids: undefined },
      { port: 3000, address: '0.0.0.0', id: '4712', waiting: 0, pids: undefined },
    ]);
  });

  it('are read on Linux over IPv6, and IPv4-mapped ones as IPv4', async () => {
    const addresses = {
      '00000000000000000000000000000000': '::',
      '00000000000000000000000001000000': '::1',
      '0000000000000000FFFF00000100007F': '127.0.0.1',
      B80D0120000000000000000001000000: '2001:db8::1',
    };
    const lines = Object.keys(addresses).map(
      (hex) => `   0: ${hex}:1F90 ${'0'.repeat(32)}:0000 0A 00000000:00000000 ${rest} 5 1 0000 100 0 0 10 0`,
    );
    const found = await parseNetTcp([header, ...lines]);
    assert.deepEqual(
      found.map(({ address }) => address),
      Object.values(addresses),
    );
  });

  it('are read on macOS from lsof, each once with all of its processes', () => {
    const text = [
      'p501 f21 tIPv4 d0x1a n127.0.0.1:3000 f22 tIPv6 d0x1b n*:3001',
      'p502 f21 tIPv4 d0x1a n127.0.0.1:3000 f9 tIPv6 d0x1c n[::1]:5173',
      'p503 f3 tIPv4 d0x1d n*:5000 ',
    ]
      .join(' ')
      .replaceAll(' ', '\n');
    assert.deepEqual(parseLsof(text), [
      { port: 3000, address: '127.0.0.1', id: '0x1a', waiting: undefined, pids: [501, 502] },
      { port: 3001, address: '::', id: '0x1b', waiting: undefined, pids: [501] },
      { port: 5173, address: '::1', id: '0x1c', waiting: undefined, pids: [502] },
      { port: 5000, address: '0.0.0.0', id: '0x1d', waiting: undefined, pids: [503] },
    ]);
  });

  it('are read on macOS with folders in any script, although lsof escapes them', () => {
    assert.deepEqual(
      ['p1\nfcwd\nn/Users/me/caf\\xc3\\xa9\n', 'p1\nfcwd\nn/Users/me/café\n', 'p1\n'].map(parseFolder),
      ['/Users/me/café', '/Users/me/café', undefined],
    );
  });

  it('are read on Windows in any language', () => {
    const text = [
      '',
      'Aktive Verbindungen',
      '',
      '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
      '  TCP    0.0.0.0:3000           0.0.0.0:0              ABHÖREN         4711',
      '  TCP    127.0.0.1:3000         127.0.0.1:50000        HERGESTELLT     4711',
      '  TCP    [::1]:5173             [::]:0                 ABHÖREN         4712',
      '  UDP    0.0.0.0:3000           *:*                                    4711',
    ].join('\r\n');
    assert.deepEqual(parseNetstat(text), [
      { port: 3000, address: '0.0.0.0', id: '0.0.0.0:3000/4711', waiting: undefined, pids: [4711] },
      { port: 5173, address: '::1', id: '[::1]:5173/4712', waiting: undefined, pids: [4712] },
    ]);
  });

  it('have normalized addresses', () => {
    const table = {
      '127.0.0.1': '127.0.0.1',
      '0:0:0:0:0:0:0:1': '::1',
      'fe80::1%en0': 'fe80::1',
      '::ffff:10.0.0.1': '10.0.0.1',
    };
    assert.deepEqual(Object.keys(table).map(plainAddress), Object.values(table));
  });

  it('are found with the process that holds them, and only the port itself, not a connection to it', async () => {
    const server = await listening('127.0.0.1');
    const { port } = server.address() as AddressInfo;
    try {
      const found = (await linux.listeners()).filter((listener) => listener.port === port);
      const held = await linux.socketsOf(process.pid);
      assert.deepEqual(
        found.map(({ address, id }) => [address, held?.has(id)]),
        [['127.0.0.1', true]],
      );
      assert.equal((await linux.socketsOf(2 ** 22 + 1))?.size, 0);
    } finally {
      server.close();
    }
  });

  it('are all found, regardless of their number in the last scan, with and without connections', async () => {
    for (const address of ['127.0.0.1', '::1']) {
      for (const count of [1, 40, 3, 100, 0, 1]) {
        const servers = await Promise.all(Array.from({ length: count }, () => listening(address)));
        const ports = servers.map((server) => (server.address() as AddressInfo).port);
        const client = connect({ port: ports[0] ?? 0, host: address });
        if (count > 1) await once(client, 'connect');
        else client.on('error', () => undefined).destroy();
        try {
          const found = new Set((await linux.listeners()).map(({ port }) => port));
          assert.deepEqual(
            ports.filter((port) => !found.has(port)),
            [],
            `${count} at ${address}`,
          );
        } finally {
          client.destroy();
          for (const server of servers) server.close();
        }
      }
    }
  });
});

async function listening(address: string): Promise<Server> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  return server;
}
