import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { parseConnections } from '../../../../src/host/platform/darwinConnections.js';
import { parseTcp, parseUnix, parseUnixPeers } from '../../../../src/host/platform/linuxConnections.js';

const none = { pids: undefined, port: undefined, peer: undefined };

describe('connections on Linux', () => {
  it('of TCP are listed with both ends, also when one end is a socket for both protocols', () => {
    const rest = '00000000:00000000 00:00000000 00000000 1000 0';
    const text = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      `   0: 0100007F:137E 00000000:0000 0A ${rest} 51 1 0 100 0 0 10 0`,
      `   1: 0100007F:137E 0100007F:C001 01 ${rest} 52 1 0`,
      `   2: 0000000000000000FFFF00000100007F:C001 0000000000000000FFFF00000100007F:137E 01 ${rest} 53 1 0`,
      `   3: 0100007F:137E 0100007F:C002 08 ${rest} 54 1 0`,
    ].join('\n');
    const socket = (id: string, port: number) => ({ ...none, id, at: `port ${port}`, port });
    assert.deepEqual(parseTcp(text), [
      { ...socket('51', 4990), isListening: true },
      { ...socket('52', 4990), isListening: false, peer: { id: '53', pids: undefined } },
      { ...socket('53', 49_153), isListening: false, peer: { id: '52', pids: undefined } },
    ]);
  });

  it('of Unix sockets are listed by the path of the socket that listens', () => {
    const text = [
      'Num       RefCount Protocol Flags    Type St Inode Path',
      '00000000c1: 00000002 00000000 00010000 0001 01 61 /tmp/a b/d.sock',
      '00000000c2: 00000003 00000000 00000000 0001 03 62 /tmp/a b/d.sock',
      '00000000c3: 00000003 00000000 00000000 0001 03 63',
      '00000000c4: 00000003 00000000 00000000 0001 02     0 /tmp/a b/d.sock',
    ].join('\n');
    assert.deepEqual(parseUnix(text), [
      { ...none, id: '61', isListening: true, at: '/tmp/a b/d.sock' },
      { ...none, id: '62', isListening: false, at: '/tmp/a b/d.sock' },
    ]);
  });
});

describe('the peers of Unix sockets on Linux', () => {
  it('are known by the listing of ss, for both ends, until one is closed', () => {
    const peers = parseUnixPeers(
      [
        'u_str ESTAB 0      0      /tmp/a b/d.sock 62 * 63   ',
        'u_str ESTAB 0      0      * 63 /tmp/a 1 b/d.sock 62',
        'u_seq ESTAB 0      0      @nx 64 * 65',
        'u_str ESTAB 0      0      /tmp/d.sock 66 * 0',
      ].join('\n'),
    );
    assert.deepEqual(Object.fromEntries(peers), { 62: '63', 63: '62', 64: '65' });
    const text = '00000000c2: 00000003 00000000 00000000 0001 03 62 /tmp/d.sock';
    const [connection] = parseUnix(text, peers);
    assert.deepEqual(connection?.peer, { id: '63', pids: undefined });
  });
});

describe('connections on macOS', () => {
  it('are listed with both ends', () => {
    const text = [
      'p7\nf5\ntIPv4\nd0xa1\nn*:4990\nTST=LISTEN',
      'f6\ntIPv4\nd0xa2\nn127.0.0.1:4990->127.0.0.1:50000\nTST=ESTABLISHED',
      'f7\ntunix\nd0xb1\nn/tmp/d.sock',
      'f8\ntunix\nd0xb2\nn/tmp/d.sock',
      'p8\nf3\ntIPv4\nd0xa3\nn127.0.0.1:50000->127.0.0.1:4990\nTST=ESTABLISHED',
      'f4\ntunix\nd0xb3\nn->0xb2',
    ].join('\n');
    const tcp = (id: string, pid: number, port: number) => ({ id, pids: [pid], at: `port ${port}`, port });
    const unix = { pids: [7], at: '/tmp/d.sock', port: undefined };
    assert.deepEqual(parseConnections(text), [
      { ...tcp('0xa1', 7, 4990), isListening: true, peer: undefined },
      { ...tcp('0xa2', 7, 4990), isListening: false, peer: { id: '0xa3', pids: [8] } },
      { ...tcp('0xa3', 8, 50_000), isListening: false, peer: { id: '0xa2', pids: [7] } },
      { ...unix, id: '0xb1', isListening: true, peer: undefined },
      { ...unix, id: '0xb2', isListening: false, peer: { id: '0xb3', pids: [8] } },
    ]);
  });
});
