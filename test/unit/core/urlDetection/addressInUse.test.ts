import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  addressInUse,
  complaintAtEnd,
  ComplaintScanner,
} from '../../../../src/core/urlDetection/addressInUse.js';

describe('a complaint', () => {
  const isOfTask = (line: string): boolean => addressInUse([line])?.isOfTask === true;
  const words = 'listen EADDRINUSE: address already in use :::3001';

  it('belongs to one of several tasks if a task runner names it', () => {
    const prefixes = [
      '[0] Error: ',
      '[api] Error: ',
      '[@shop/api:dev] Error: ',
      'api:dev: Error: ',
      '@shop/api:dev: Error: ',
      'apps/api dev: Error: ',
      '. dev: Error: ',
      'api: Error: ',
      'api:   ',
      '12:30:01 api.1   | Error: ',
      'api-1  | Error: ',
      '\u001b[36m[api]\u001b[39m Error: ',
    ];
    assert.deepEqual(
      prefixes.filter((prefix) => !isOfTask(prefix + words)),
      [],
    );
  });

  it('belongs to the whole server otherwise', () => {
    const prefixes = [
      '',
      'Error: ',
      'Error: bind: ',
      'Uncaught Error: ',
      'Unhandled: Error: ',
      'Fatal error: ',
      '[ERROR] ',
      '[12345] ',
      '[12:30:01] ',
      '[2026-11-24 07:11:57 +0000] [123] [ERROR] ',
      'ERROR:    ',
      'OSError: ',
      'nginx: [emerg] ',
      'EADDRINUSE: ',
      'java.net.BindException: ',
      '2026/11/24 07:11:57 ',
      'Emitted: ',
    ];
    assert.deepEqual(
      prefixes.filter((prefix) => isOfTask(prefix + words)),
      [],
    );
  });
});

describe('a server that exits because its port is in use', () => {
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
    'Node on Windows, for a reserved port': [
      ['Error: listen EACCES: permission denied 127.0.0.1:50081'],
      50081,
    ],
    'Python on Windows, for a reserved port': [
      [
        'PermissionError: [WinError 10013] An attempt was made to access a socket in a way forbidden by its access permissions',
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
    'Angular, which asks': [
      ['Port 4200 is already in use.', '? Would you like to use a different port? (Y/n)'],
      4200,
    ],
    'Python on Windows in German': [
      ['OSError: [WinError 10048] Normalerweise darf jede Socketadresse nur jeweils einmal verwendet werden'],
      undefined,
    ],
    'turbo, with its prefix': [
      [
        'tweb:dev: Error: listen EADDRINUSE',
        "tweb:dev:   code: 'EADDRINUSE',",
        'tweb:dev:   port: 3301',
        'tweb:dev: }',
      ],
      3301,
    ],
    concurrently: [["[api]   code: 'EADDRINUSE',", '[api]   errno: -98,', '[api]   port: 3302,'], 3302],
    'pnpm -r': [["apps/api dev:   code: 'EADDRINUSE',", 'apps/api dev:   port: 3303'], 3303],
    'lerna in colors': [
      [
        "\u001b[36mapi\u001b[39m:   code: \u001b[32m'EADDRINUSE'\u001b[39m,",
        '\u001b[36mapi\u001b[39m:   port: \u001b[33m3304\u001b[39m',
      ],
      3304,
    ],
    'webpack-dev-server': [['Error: listen EADDRINUSE 127.0.0.1:8091'], 8091],
    'Node before version 12': [
      ['Error: listen EADDRINUSE', '    at exports._errnoException (util.js:746:11)'],
      undefined,
    ],
    'a logger of objects': [["    message: 'listen EADDRINUSE: address already in use :::3001',"], 3001],
    'a debugger of the editor': [
      ['Uncaught Error Error: listen EADDRINUSE: address already in use :::5001'],
      5001,
    ],
    OCaml: [['Fatal error: exception Unix.Unix_error(Unix.EADDRINUSE, "bind", "")'], undefined],
    'Next.js before version 12': [
      ['ready - started server on http://localhost:3000', 'Port 3000 is already in use.'],
      3000,
    ],
    Gleam: [['error: port 1234 already in use'], 1234],
    Metro: [
      [
        'Starting dev server on http://localhost:8081',
        'Error: listen EADDRINUSE: address already in use :::8081',
      ],
      8081,
    ],
    Expo: [['› Port 8081 is being used by another process'], 8081],
    Gatsby: [['Something is already running at port 8000'], 8000],
    'Docker Desktop': [
      [
        'Error: Ports are not available: exposing port TCP 0.0.0.0:5432 -> 127.0.0.1:0: listen tcp 0.0.0.0:5432: bind: address already in use',
      ],
      5432,
    ],
    Parcel: [['🚨 Error: Port "1235" could not be used'], 1235],
    Hexo: [
      [
        'FATAL Port 4000 has been used. Try other port instead.',
        'Error: listen EADDRINUSE: address already in use :::4000',
      ],
      4000,
    ],
    Marp: [
      [
        '[ ERROR ] Listen port 8080 is already used in the other process. Try again after closing the relevant process, or',
      ],
      8080,
    ],
    'json-server': [
      ['Cannot bind to the port 3001. Please specify another port number either through --port argument'],
      3001,
    ],
    Meteor: [["Can't listen on port 3000. Perhaps another Meteor is running?"], 3000],
    'Expo in the same project': [['› Port 8081 is running this app in another window'], 8081],
    'Expo in another project': [
      ['› Port 8081 is running shop in another window', '  /home/me/shop (pid 9)'],
      8081,
    ],
    Quarkus: [['io.quarkus.runtime.QuarkusBindException: Port(s) already bound: 8080'], 8080],
    'Spring Boot with Tomcat': [
      [
        'The Tomcat connector configured to listen on port 8080 failed to start. The port may already be in use or the connector may be misconfigured.',
      ],
      8080,
    ],
    Phoenix: [
      ['[error] Running ShopWeb.Endpoint with Bandit 1.5.7 at http failed, port 4000 already in use'],
      4000,
    ],
    Erlang: [['** (EXIT) shutdown: failed to start child: {:listen_error, :eaddrinuse}'], undefined],
    'an emulator of Firebase': [
      ['⚠  firestore: Port 8080 is not open on localhost, could not start Firestore Emulator.'],
      8080,
    ],
    'Netlify Dev': [["Error: Could not acquire required 'port': 8888"], 8888],
    Gradio: [['OSError: Cannot find empty port in range: 7860-7860. You can specify a different port'], 7860],
    'Rails with a file of its pid': [
      ['A server is already running (pid: 4321, file: /shop/tmp/pids/server.pid).', 'Exiting'],
      undefined,
    ],
    nginx: [['nginx: [emerg] bind() to 0.0.0.0:8080 failed (98: Address already in use)'], 8080],
  };
  for (const [name, [tail, port]] of Object.entries(complaints)) {
    it(`is known by the words of ${name}`, () => {
      assert.deepEqual([addressInUse(tail) !== undefined, addressInUse(tail)?.port], [true, port]);
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
    'has found another one': [
      '[get-port] Unable to find an available port (tried 3000 on any host). Using alternative port 3001.',
    ],
    'waits for another server': ['Failed to connect to port 5432, retrying', 'Waiting for port 5432 to open'],
    'was given another one': ['│   This port was picked because 3000 is in use.   │'],
    'cannot open its debugger': ['Starting inspector on 127.0.0.1:9229 failed: address already in use'],
    'cannot reload live': ['WebSocket server error: Port 24678 is already in use'],
    'has used another port after all': [
      'Something is already running on port 3000.',
      'Port 3000 is in use, using port 3001 instead',
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

  it('is recognized from output far above its end', () => {
    const end = { tail: ['npm error code 1'], addressInUse: { port: 3000 } };
    assert.deepEqual(
      [
        complaintAtEnd(end),
        complaintAtEnd({ tail: ['Port 4000 is already in use'] }),
        complaintAtEnd(undefined),
      ],
      [{ port: 3000 }, { port: 4000 }, undefined],
    );
  });

  it('is recognized while it runs, in any chunks', () => {
    const output = `${'x'.repeat(20_000)}\nError: listen EADDRINUSE: address already in use\r\n  port: 3000\r\n}\r\n`;
    for (const length of [1, 7, 4096, output.length]) {
      const scanner = new ComplaintScanner();
      for (let at = 0; at < output.length; at += length) scanner.push(output.slice(at, at + length));
      assert.deepEqual(scanner.complaint, { port: 3000 }, `cut to ${length}`);
    }
  });

  it('is recognized from a question that waits for an answer', () => {
    const questions = {
      'Port 4200 is already in use. Would you like to use a different port? (Y/n) ': 4200,
      '? Port 8081 is already in use. Use port 8082 instead? › (Y/n)': 8081,
      'Port 6006 is not available. Would you like to run Storybook on port 6007 instead? (Y/n)': 6006,
    };
    for (const [text, port] of Object.entries(questions)) {
      const scanner = new ComplaintScanner();
      scanner.push(`starting\n${text}`);
      assert.equal(scanner.complaint, undefined);
      scanner.flush();
      assert.deepEqual(scanner.complaint, { port, isQuestion: true });
    }
  });

  it('does not collect an endless line', () => {
    const scanner = new ComplaintScanner();
    for (let count = 0; count < 1000; count += 1) scanner.push('in use '.repeat(1000));
    scanner.push('\nPort 3000 is already in use\n');
    assert.deepEqual(scanner.complaint, { port: 3000 });
  });
});
