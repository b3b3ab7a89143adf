import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { UrlScanner } from '../../../../src/core/urlDetection/urlScanner.js';

interface Findings {
  readonly ports: readonly number[];
  readonly otherPorts: readonly number[];
}

function scan(output: string): Findings {
  const scanner = new UrlScanner();
  const urls = scanner.push(`${output}\n`);
  const ports = urls.map((url) => Number(new URL(url).port || '80'));
  return { ports: [...new Set(ports)], otherPorts: [...scanner.ports.others] };
}

/** Checks that each output announces exactly these ports. */
function announces(table: Readonly<Record<string, readonly number[]>>): void {
  const found = Object.keys(table).map((output) => [output, scan(output).ports]);
  assert.deepEqual(Object.fromEntries(found), table);
}

describe('the announcement', () => {
  it('of frameworks in JavaScript is found', () => {
    announces({
      '  ➜  Local:   http://localhost:4200/': [4200],
      '** Angular Live Development Server is listening on localhost:4200, open your browser on http://localhost:4200/ **':
        [4200],
      'ready - started server on 0.0.0.0:3000, url: http://localhost:3000': [3000],
      '> Ready on http://localhost:3000': [3000],
      '  > Local: http://localhost:3000/': [3000],
      '[remix-serve] http://localhost:3000 (http://192.168.1.7:3000)': [3000],
      '› Metro waiting on exp://192.168.1.7:8081\n› Web is waiting on http://localhost:8081': [8081],
      '│   Local:            http://localhost:6006/     │\n│   On your network:  http://192.168.1.7:6006/   │':
        [6006],
      '[wrangler:inf] Ready on http://localhost:8787': [8787],
      '🚀  Server ready at: http://localhost:4000/graphql': [4000],
      'Listening on http://0.0.0.0:8000/ (http://localhost:8000/)': [8000],
      'Started development server: http://localhost:3000': [3000],
      '🦊 Elysia is running at localhost:3000': [3000],
      '◈ Server now ready on http://localhost:8888': [8888],
      'To access the server ⚡️, go to:\n http://localhost:1337': [1337],
      '[11:22:33] Using environment: development\n::: Listening { port: 3000 }': [3000],
      'i View Emulator UI at http://127.0.0.1:4000/\nEmulator Hub running at 127.0.0.1:4400\nOther reserved ports: 4500, 9150':
        [4000],
      '         API URL: http://127.0.0.1:54321\n      Studio URL: http://127.0.0.1:54323\n    Mailpit URL: http://127.0.0.1:54324':
        [54321],
    });
  });

  it('of frameworks for the Java virtual machine is found', () => {
    announces({
      "2026-11-23T10:05:23.123+01:00  INFO 12345 --- [  restartedMain] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port(s): 8080 (http) with context path ''":
        [8080],
      '2026-11-23 10:05:23.123  INFO 12345 --- [main] o.s.b.w.e.n.NettyWebServer : Netty started on port 8081':
        [8081],
      "Tomcat started on port 8080 (http) with context path '/'": [8080],
      '23-Nov-2026 10:05:23.123 INFO [main] org.apache.coyote.AbstractProtocol.start Starting ProtocolHandler ["http-nio-8080"]':
        [8080],
      'Started ServerConnector@1b2c3d4{HTTP/1.1, (http/1.1)}{0.0.0.0:8080}': [8080],
      'INFO  [io.quarkus] (Quarkus Main Thread) app 1.0 on JVM (powered by Quarkus 3.2.0) started in 1.534s. Listening on: http://localhost:8080':
        [8080],
      '10:05:23.123 [main] INFO  io.micronaut.runtime.Micronaut - Startup completed in 543ms. Server Running: http://localhost:8080':
        [8080],
      '[main] INFO  Application - Responding at http://0.0.0.0:8080': [8080],
      '[info] p.c.s.AkkaHttpServer - Listening for HTTP on /[0:0:0:0:0:0:0:0]:9000': [9000],
      'Ember-Server service bound to address: [::]:8080': [8080],
      'shadow-cljs - HTTP server available at http://localhost:8020\nshadow-cljs - nREPL server started on port 8777':
        [8020],
    });
  });

  it('of frameworks in Python, Ruby, PHP, Elixir and .NET is found', () => {
    announces({
      ' * Running on http://127.0.0.1:5000 (Press CTRL+C to quit)': [5000],
      ' * Running on all addresses (0.0.0.0)\n * Running on http://127.0.0.1:5000\n * Running on http://192.168.1.7:5000':
        [5000],
      'INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)': [8000],
      '[2026-11-23 10:05:23 +0000] [4711] [INFO] Listening at: http://127.0.0.1:8000 (4711)': [8000],
      'Starting development server at http://[::1]:8000/': [8000],
      'Serving HTTP on :: port 8000 (http://[::]:8000/) ...': [8000],
      'INFO    -  [17:01:02] Serving on http://127.0.0.1:8000/': [8000],
      'INFO:livereload:Serving on http://127.0.0.1:5500': [5500],
      '[I 10:05:23.123 ServerApp] http://localhost:8888/tree?token=abc123': [8888],
      '  Local URL: http://localhost:8501\n  Network URL: http://192.168.1.7:8501': [8501],
      'Running on local URL:  http://127.0.0.1:7860': [7860],
      '* Listening on tcp://0.0.0.0:3000': [3000],
      '* Listening on http://127.0.0.1:3000\n* Listening on http://[::1]:3000': [3000],
      '== Sinatra (v3.0.5) has taken the stage on 4567 for development with backup from Puma': [4567],
      '[2026-11-23 10:08:13] INFO  WEBrick::HTTPServer#start: pid=12085 port=4567': [4567],
      '    Server address: http://127.0.0.1:4000/': [4000],
      '   INFO  Server running on [http://127.0.0.1:8000].': [8000],
      '[Mon Nov 23 10:05:23 2026] PHP 8.2.0 Development Server (http://localhost:8000) started': [8000],
      ' [OK] Web server listening on http://127.0.0.1:8000': [8000],
      '[info] Running MyAppWeb.Endpoint with Bandit 1.5.0 at 127.0.0.1:4000 (http)': [4000],
      '[info] Access MyAppWeb.Endpoint at http://localhost:4000': [4000],
      'info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://localhost:5000': [5000],
      '      Now listening on: http://*:5001': [5001],
      '      Now listening on: http://[::]:5002': [5002],
    });
  });

  it('of frameworks in Go, Rust, Swift and Dart is found', () => {
    announces({
      '[GIN-debug] Listening and serving HTTP on :8080': [8080],
      '⇨ http server started on [::]:1323': [1323],
      ' │               http://127.0.0.1:3000               │ \n │       (bound on host 0.0.0.0 and port 3000)       │':
        [3000],
      'http server Running on http://:8080': [8080],
      'level=info msg="server started" addr=:8080': [8080],
      '{"level":"info","ts":1795506303.1,"msg":"starting server","addr":":8081","pid":12345}': [8081],
      'Web Server is available at http://localhost:1313/ (bind address 127.0.0.1)': [1313],
      'Tilt started on http://localhost:10350/': [10350],
      'Rocket has launched from http://127.0.0.1:8000': [8000],
      'starting service: "actix-web-service-127.0.0.1:8080", workers: 8, listening on: 127.0.0.1:8080': [
        8080,
      ],
      'listening on 127.0.0.1:3000': [3000],
      'INFO 📡 server listening at:\n    🏠 http://127.0.0.1:8080/\n    🏠 http://[::1]:8080/': [8080],
      '[ NOTICE ] Server started on http://127.0.0.1:8080': [8080],
      '✓ Running on http://localhost:8080 (0.1s)\nThe Dart VM service is listening on http://127.0.0.1:8181/abc=/':
        [8080],
    });
  });

  it('is found if it names only a port', () => {
    announces({
      'Listening on port 3000': [3000],
      'Listening on port 3000.': [3000],
      'Server is running on port 3000!': [3000],
      'server started on port: 3001': [3001],
      'Ready on 3002': [3002],
      ':3003 is ready': [3003],
      'running at *:3004': [3004],
      'serving (localhost:3005)': [3005],
      'up on 0.0.0.0:65535': [65535],
      'running at :::3006': [3006],
      'JSON Server started on PORT :3007': [3007],
      '12:30:45 server started, pid 4567, v3.1.4, port=3008': [3008],
      '{"level":30,"time":1795506303067,"pid":12345,"port":3009,"msg":"Server listening"}': [3009],
      'Server is running on port 80': [80],
      'listening on port 3010. See https://example.org:8443/docs': [3010],
    });
  });

  it('is extracted from the text around it', () => {
    announces({
      'open HTTP://LOCALHOST:1111/.': [1111],
      '[http://localhost:1111/a]...': [1111],
      '**http://localhost:1111**': [1111],
      '[http://localhost:1111](http://localhost:1111)': [1111],
      'http://localhost:1111，请打开': [1111],
      'http://localhost:1111にアクセス': [1111],
      '┃http://localhost:1111┃': [1111],
      "url: 'http://localhost:1111',": [1111],
      '"http://localhost:1111/" and <https://localhost:2222/b>': [1111, 2222],
      'http://localhost:1111, http://[::1]:1111': [1111],
      'http://:::1111 or http://::1:1111': [1111],
      'started http://localhost:1111/ on port 2222': [1111],
      'addr=http://localhost:1111': [1111],
      'http://localhost/': [80],
      'visit http://localhost.': [80],
      'visit http://localhost...': [80],
      'http://+:1111 or http://0:1111': [1111],
      'http://127.0.0.255:1111': [1111],
      'listening on port 1': [],
      'listening on port `3000`': [3000],
      'https://app.localhost:1111/': [1111],
      '100% done\rready http://localhost:1111\r': [1111],
    });
  });

  it('is not found in a message that a port is in use', () => {
    announces({
      'Port 3000 is in use, trying another one...': [],
      '⚠ Port 3000 is in use by process 4711, using available port 3001 instead.': [],
      'Error: listen EADDRINUSE: address already in use :::3000': [],
      'Something is already running on port 3000.': [],
      'http://0.0.0.0:8080 is already in use. Trying another port.': [],
      'Port 6006 is not available. Would you like to run Storybook on port 6007 instead?': [],
      'Failed to bind to address http://127.0.0.1:5000: address already in use.': [],
      'Failed to listen on localhost:8000 (reason: Address already in use)': [],
      'Web server failed to start. Port 8080 was already in use.': [],
      'Address already in use - bind(2) for "127.0.0.1" port 3000': [],
      "[ERROR] Connection in use: ('127.0.0.1', 8000)": [],
    });
  });

  it('is found beside words about something else', () => {
    announces({
      'Server ready at http://localhost:4813/graphql (CORS enabled)': [4813],
      'listening on http://localhost:4814/ - allowed origins: *': [4814],
      'Database already up to date. App listening at http://localhost:4815/app': [4815],
      '[0 failed] preview: http://localhost:4817/x/': [4817],
      'Connected to MongoDB. Server running on port 4818': [4818],
      'Redis cache connected; API listening on :4819': [4819],
      'Prisma schema already in sync - ready on http://localhost:4820': [4820],
      'metrics disabled, no errors. Up at http://localhost:4821': [4821],
      'Migrations: 3 already applied | http://localhost:4822': [4822],
      'Nothing to migrate, closing connection. Listening on port 4823 (origin check off)': [4823],
      'Server listening at http://localhost:4824 [proxy: off]': [4824],
      'Failed to load .env. Listening on http://localhost:4825': [4825],
      'Running on http://0.0.0.0:3010?redirect_uri=http%3A%2F%2Flocalhost%3A3005': [3010],
      'listening on http://::1:4826': [4826],
    });
  });

  it('is a claim only where the server says that it listens there', () => {
    const claimed = (output: string): number[] => {
      const scanner = new UrlScanner();
      scanner.push(`${output}\n`);
      return [...scanner.ports.claimed].toSorted((one, other) => one - other);
    };
    const claims = [
      '  ➜  Local:   http://localhost:1111/',
      'Loopback: http://localhost:1111/, http://[::1]:1111/',
      'Now listening on: http://localhost:1111',
      'listening on port 1111',
      'Backend: http://localhost:8080. Listening on http://localhost:1111',
    ];
    assert.deepEqual(
      claims.map(claimed),
      claims.map(() => [1111]),
    );
    const mentions = [
      'Using issuer http://localhost:5160/realms/dev',
      'Backend: http://localhost:8080',
      'API_URL: http://localhost:8080',
      '{"apiUrl":"http://localhost:8080"}',
      'Supabase URL: http://127.0.0.1:54321',
      'RPC endpoint: http://127.0.0.1:8545',
      'Loading remote http://localhost:3001/remoteEntry.js',
      'OTEL exporter: http://localhost:4318/v1/traces',
      'Mailpit UI http://localhost:8025',
      'CORS_ORIGIN=http://localhost:3000',
      'redirect_uri=http://localhost:3000/callback',
      'Waiting on http://localhost:8080 ...',
      'Frontend expected at http://localhost:3000',
      'Ollama base url http://localhost:11434',
      'S3 endpoint http://localhost:9000',
      'Keycloak is running at http://localhost:8080',
      'ready to accept callbacks from http://localhost:3000',
      'Listening. Backend: http://localhost:8080',
      'Server listening for webhooks, forwarded from http://localhost:4040',
    ];
    assert.deepEqual(
      mentions.filter((line) => claimed(line).length > 0),
      [],
    );
  });

  it('is about the server itself only without the name of another one', () => {
    const lastOwn = (line: string): number | undefined => {
      const scanner = new UrlScanner();
      scanner.push(`${line}\n`);
      return scanner.ports.lastOwn;
    };
    const lines = {
      'Starting development server at http://127.0.0.1:8000/': 8000,
      'Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...': undefined,
      ' * Running on http://127.0.0.1:5000': 5000,
      'Server is listening on port 3000': 3000,
      '[main] Started the web server on http://localhost:3000': 3000,
      'Keycloak is running at http://localhost:8080': undefined,
      'Starting proxy to http://localhost:8080': undefined,
      'Backend: http://localhost:8080': undefined,
      'Local: http://localhost:8080': undefined,
    };
    const found = Object.keys(lines).map((line) => [line, lastOwn(line)]);
    assert.deepEqual(Object.fromEntries(found), lines);
  });

  it('is not found for debuggers, hot and live reload, whose ports are reported separately', () => {
    const table = {
      'Debugger listening on ws://127.0.0.1:9229/0f2c-4e': [9229],
      'Debugger listening on 127.0.0.1:9230': [9230],
      'Starting inspector on 127.0.0.1:9229 failed: address already in use': [9229],
      'DevTools listening on ws://127.0.0.1:9222/devtools/browser/1f': [9222],
      'The Flutter DevTools debugger and profiler on Chrome is available at: http://127.0.0.1:9101?uri=x': [
        9101,
      ],
      'Listening for transport dt_socket at address: 5005': [5005],
      'DEBUGGER: Debugger can attach via TCP/IP (127.0.0.1:43245)': [43_245],
      'API server listening at: 127.0.0.1:2345': [2345],
      'Debug port 9229': [9229],
      'HMR running on port 24678': [24_678],
      'LiveReload server on port 35729': [35_729],
      'LiveReload address: http://127.0.0.1:35729': [35_729],
      'Reload listening on 127.0.0.1:3001': [3001],
      '  Development Dashboard URL:  http://127.0.0.1:9400/my-app': [9400],
      '2026-11-23 10:05:23 INFO OptionalLiveReloadServer : LiveReload server is running on port 35729': [
        35_729,
      ],
      'nREPL server started on port 54321 on host localhost - nrepl://localhost:54321': [54_321],
      '{"level":"info","logger":"admin","msg":"admin endpoint started","address":"localhost:2019"}': [2019],
      '       UI: http://localhost:3001': [3001],
    };
    const found = Object.keys(table).map((line) => [line, scan(line)]);
    const expected = Object.entries(table).map(([line, otherPorts]) => [line, { ports: [], otherPorts }]);
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expected));
  });

  it('reports ports of other tools on this machine only', () => {
    const hosts = ['xlocalhost', 'localhostx', 'x0.0.0.0', '127.0.0.1.example', '128.0.0.1', '00'];
    const lines = hosts.map((host) => `Debugger listening on ws://${host}:9229/`).join('\n');
    assert.deepEqual(scan(lines), { ports: [], otherPorts: [] });
  });

  it('may mention hot and live reload', () => {
    announces({
      'Server with HMR ready at http://localhost:3000': [3000],
      'Live reload enabled, listening on http://localhost:3000': [3000],
      '[11ty] Server at http://localhost:8080/ (live reload)': [8080],
    });
  });

  it('is not a link to another machine, in any form', () => {
    announces({
      'For help, see: https://nodejs.org/en/docs/inspector': [],
      'See https://vite.dev/config for the docs of the server': [],
      'click http://localhost:3000@evil.example/ or http://localhost.evil.example:3000/': [],
      'http://localhost:3000%40evil.example http://localhost:secret@evil.example': [],
      'http://localhost.evil.example http://127.0.0.1.evil.example:3000 http://localhost:3000.evil.example':
        [],
      'http://lоcalhost:3000 http://localhostа/': [],
      'https://evil.example/?next=http://localhost:3000/': [],
      'javascript://localhost:3000/%0aalert(1) command://localhost:3000 file://localhost:3000/etc/passwd': [],
      'vscode://localhost:3000 httpx://localhost:3000 exp://127.0.0.1:8081': [],
      'http:// is no address, nor is ://localhost:3000 or xhttp//localhost:3000': [],
      'http://192.168.1.7:3000/ http://my-machine.local:3000/': [],
      'http://localhost:99999/ http://localhost:0x50/ http://localhost:0/': [],
    });
  });

  it('is not a link to another server', () => {
    announces({
      '[HPM] Proxy created: /api -> http://localhost:8080': [],
      '/api → http://localhost:8080': [],
      'The proxy is listening on port 8080': [],
      'https://localhost:9001 → http://localhost:9000': [9001],
      'waiting for http://localhost:3000': [],
      'Connected to http://localhost:9200': [],
      'CORS enabled for http://localhost:5173': [],
      'VITE_API_URL=http://localhost:4000': [],
      'Error: connect ECONNREFUSED http://localhost:4000': [],
      'cannot reach http://localhost:4000': [],
      '127.0.0.1 - - [23/Nov/2026:10:05:23 +0000] "GET /server HTTP/1.1" 200 12 "http://localhost:5173/"': [],
      'INFO:     127.0.0.1:51234 - "GET / HTTP/1.1" 200 OK': [],
      'redis ready on port 6379': [],
      'prometheus metrics are available at http://localhost:9464/metrics': [],
      'Stopped the server on port 3000': [],
    });
  });

  it('is not found in numbers of other kinds', () => {
    announces({
      'started in 3000 ms, pid 4567, ready on 2026-11-23 at 12:30:45': [],
      'server running on 1024 MB, 8 cores, listening since 10:05:23.123': [],
      'ready on port 0000, listening on port 65536': [],
      'up on 65536': [],
      'port 3006': [],
      'at Server.listen (/srv/app.js:3000:12)': [],
      'server started from src/server.ts:120': [],
      'Up 3 hours 5432/tcp 8000-8010/tcp server': [],
      'webpack serve --port 9000 starting': [],
      '{"level":30,"time":1795506303067,"pid":12345,"msg":"server started"}': [],
    });
  });

  it('is found among fifty links in a line, but not in a longer listing', () => {
    const links = (count: number): string => 'https://example.org/ '.repeat(count);
    announces({ [`${links(49)}http://localhost:3000/`]: [3000], [`${links(50)}http://localhost:3000/`]: [] });
  });
});
