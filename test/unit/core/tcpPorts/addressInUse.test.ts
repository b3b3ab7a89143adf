import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { addressInUse } from '../../../../src/core/tcpPorts/addressInUse.js';

describe('a server that ends since its port is taken', () => {
  const complaints: Readonly<Record<string, readonly [tail: readonly string[], port: number | undefined]>> = {
    Node: [
      [
        'node:events:497',
        "      throw er; // Unhandled 'error' event",
        '      ^',
        '',
        'Error: listen EADDRINUSE: address already in use :::3000',
        '    at Server.setupListenHandle [as _listen2] (node:net:1940:16)',
        "Emitted 'error' event on Server instance at:",
        '    at emitErrorNT (node:net:1919:8) {',
        "  code: 'EADDRINUSE',",
        '  errno: -98,',
        "  syscall: 'listen',",
        "  address: '::',",
        '  port: 3000',
        '}',
        'Node.js v20.20.2',
        'npm error Lifecycle script `dev` failed with error:',
        'npm error code 1',
      ],
      3000,
    ],
    'Node on one address': [['Error: listen EADDRINUSE: address already in use 127.0.0.1:4100'], 4100],
    'Node, of which only the properties are left': [
      ["  code: 'EADDRINUSE',", '  errno: -98,', '  port: 3000', '}'],
      3000,
    ],
    'Vite with strictPort': [['error when starting dev server:', 'Error: Port 5173 is already in use'], 5173],
    'Next.js': [
      [' ⨯ Failed to start server', 'Error: listen EADDRINUSE: address already in use :::3000'],
      3000,
    ],
    'Next.js, which names the process too': [['Port 3000 is in use by process 12345'], 3000],
    Angular: [["Port 4200 is already in use. Use '--port' to specify a different port."], 4200],
    'Create React App': [['Something is already running on port 3000.'], 3000],
    Django: [['Error: That port is already in use.'], undefined],
    Flask: [
      [
        ' * Serving Flask app',
        'Address already in use',
        'Port 5000 is in use by another program. Either identify and stop that program, or start the server with a different port.',
      ],
      5000,
    ],
    PHP: [
      ['[Tue Nov 24 07:11:57 2026] Failed to listen on 127.0.0.1:8010 (reason: Address already in use)'],
      8010,
    ],
    Python: [['OSError: [Errno 98] Address already in use'], undefined],
    'Python on macOS': [['OSError: [Errno 48] Address already in use'], undefined],
    'Python on Windows': [
      [
        'OSError: [WinError 10048] Only one usage of each socket address (protocol/network address/port) is normally permitted',
      ],
      undefined,
    ],
    uvicorn: [
      [
        "ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use",
      ],
      8000,
    ],
    gunicorn: [["[2026-11-24 07:11:57 +0000] [123] [ERROR] Connection in use: ('127.0.0.1', 8000)"], 8000],
    Go: [['2026/11/24 07:11:57 listen tcp :8080: bind: address already in use', 'exit status 1'], 8080],
    'Go on Windows': [
      [
        'listen tcp 127.0.0.1:8080: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.',
      ],
      8080,
    ],
    Puma: [
      [
        `bind(2) for "127.0.0.1" port 3000 (Errno::EADDRINUSE)`,
        "puma-6.4.0/lib/puma/binder.rb:334:in `initialize': Address already in use",
      ],
      3000,
    ],
    'Ruby, whose files have numbers too': [
      ["binder.rb:334:in `initialize': Address already in use - bind(2) (Errno::EADDRINUSE)"],
      undefined,
    ],
    Rust: [['Error: Os { code: 98, kind: AddrInUse, message: "Address already in use" }'], undefined],
    'Spring Boot': [
      ['Description:', '', 'Web server failed to start. Port 8080 was already in use.', '', 'Action:'],
      8080,
    ],
    '.NET': [
      ['System.IO.IOException: Failed to bind to address http://127.0.0.1:5000: address already in use.'],
      5000,
    ],
    Bun: [
      ['error: Failed to start server. Is port 3000 in use?', ' syscall: "listen",', '   code: "EADDRINUSE"'],
      3000,
    ],
    Deno: [['error: Uncaught (in promise) AddrInUse: Address already in use (os error 98)'], undefined],
    Docker: [['Bind for 0.0.0.0:8080 failed: port is already allocated'], 8080],
    nginx: [['nginx: [emerg] bind() to 0.0.0.0:8080 failed (98: Address already in use)'], 8080],
  };
  for (const [name, [tail, port]] of Object.entries(complaints)) {
    it(`is known by the words of ${name}`, () => {
      assert.deepEqual(addressInUse(tail), { port });
    });
  }

  const others: Readonly<Record<string, readonly string[]>> = {
    'says nothing': [],
    'ends of something else': ['SyntaxError: Unexpected token', '    at file:///shop/server.js:3000:5'],
    'has taken another port': [
      'Port 5173 is in use, trying another one...',
      '⚠ Port 3000 is in use by process 1234, using available port 3001 instead.',
      'Error: Cannot find module x',
    ],
    'has no permission for its port': ['Error: listen EACCES: permission denied 0.0.0.0:80'],
    'cannot reach another server': ['Error: connect ECONNREFUSED 127.0.0.1:5432'],
    'tells only where it runs': ['Server running on port 3000', 'ready at http://localhost:3000'],
  };
  for (const [name, tail] of Object.entries(others)) {
    it(`is not one that ${name}`, () => {
      assert.equal(addressInUse(tail), undefined);
    });
  }
});
