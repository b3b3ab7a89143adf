import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loopbackUrl, UrlScanner } from '../../../src/core/urlScanner.js';

const folder = join(process.cwd(), 'test/fixtures/banners');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  { port: number | null }
>;

function portOf(pieces: readonly string[]): number | null {
  const scanner = new UrlScanner();
  const [url] = [...pieces.flatMap((piece) => scanner.push(piece)), ...scanner.flush()];
  return url === undefined ? null : Number(new URL(url).port);
}

describe('the URL scanner', () => {
  for (const [name, { port }] of Object.entries(expected)) {
    const text = readFileSync(join(folder, `${name}.raw`), 'utf8');

    it(`finds ${port ?? 'nothing'} in the output of ${name}, whole and character by character`, () => {
      assert.deepEqual([portOf([text]), portOf(text.split(''))], [port, port]);
    });

    it(`finds it in the output of ${name} cut anywhere near the port`, () => {
      const around =
        port === null ? 0 : Math.max(0, text.search(new RegExp(String(port).split('').join('\\S*?'))) - 40);
      // What is far from the port was read as a whole above.
      const part = text.slice(Math.max(0, around - 500), around + 500);
      const first = Math.min(around, 500);
      for (let cut = first; cut < Math.min(part.length, first + 120); cut += 1) {
        assert.equal(portOf([part.slice(0, cut), part.slice(cut)]), port, `cut at ${cut}`);
      }
    });
  }

  it('finds nothing in lines that speak of other things', () => {
    const lines = [
      'Port 3000 is in use, trying another one...',
      'Error: listen EADDRINUSE: address already in use :::3000',
      'Debugger listening on ws://127.0.0.1:9229/0f2c',
      'See https://vite.dev/config for the docs',
      'started in 3000 ms, pid 4567',
      'HMR running on port 24678',
      'The proxy is listening on port 8080',
      'See the doc: started on port 3000',
      'started, see ftp://example.org:3000',
      'ready on port 0000, listening on port 65536',
      'http:// is no address, nor is ://localhost:3000 or xhttp//localhost:3000',
      'http:// localhost:3000/ httpx://localhost:3000/',
      'at Server.listen (/srv/app.js:3000:12)',
      'click http://localhost:3000@evil.example/ or http://localhost.evil.example:3000/',
      'javascript://localhost:3000/%0aalert(1) command://localhost:3000',
    ];
    assert.deepEqual(
      lines.flatMap((line) => new UrlScanner().push(`${line}\n`)),
      [],
    );
  });

  it('finds the port where only that is said', () => {
    const table = {
      'Listening on port 3000': 'http://localhost:3000/',
      'server started on port: 3001': 'http://localhost:3001/',
      'Ready on 3002': 'http://localhost:3002/',
      ':3003 is ready': 'http://localhost:3003/',
      'running at *:3004': 'http://localhost:3004/',
      'serving (localhost:3005)': 'http://localhost:3005/',
      'up on 0.0.0.0:65535': 'http://localhost:65535/',
      'up on 65536': undefined,
      'up on 01': 'http://localhost:1/',
      'up on 00': undefined,
      'port 3006': undefined,
    };
    assert.deepEqual(
      Object.keys(table).map((line) => new UrlScanner().push(`${line}\n`)[0]),
      Object.values(table),
    );
  });

  it('takes the address out of the text around it', () => {
    const table = {
      'see http://localhost:1/docs': ['http://localhost:1/docs'],
      'open HTTP://LOCALHOST:1/.': ['http://localhost:1/'],
      '[http://localhost:1/a]...': ['http://localhost:1/a'],
      '"http://localhost:1/" and <https://localhost:2/b>': ['http://localhost:1/', 'https://localhost:2/b'],
      'started http://localhost:1/ on port 2': ['http://localhost:1/'],
      'started at http://10.0.0.1:3000/ on port 2000': [],
      'already http://localhost:1/': [],
    };
    assert.deepEqual(
      Object.keys(table).map((line) => new UrlScanner().push(`${line}\n`)),
      Object.values(table),
    );
  });

  it('waits for the end of a line, or for being told that there is none', () => {
    const scanner = new UrlScanner();
    const found = [
      scanner.push('http://localhost:30'),
      scanner.push('00/\nhttp://localhost:'),
      scanner.push('4000/'),
      scanner.flush(),
    ];
    assert.deepEqual(found, [[], ['http://localhost:3000/'], [], ['http://localhost:4000/']]);
  });

  it('reads a line without end in pieces, so that its memory and time are bounded', () => {
    const scanner = new UrlScanner();
    const filling = '.'.repeat(8180);
    const found = [
      scanner.push(`http://localhost:1/ ${filling} `),
      scanner.push(`http://localhost:2/ ${filling}`),
    ];
    assert.deepEqual(found, [['http://localhost:1/'], ['http://localhost:2/']]);
    assert.deepEqual(scanner.flush(), []);
  });

  it('finds an address whole, wherever a line without end is divided', () => {
    const pieces = [`${'.'.repeat(8190)} http://localhost:30`, '00/\n'];
    const divided = new UrlScanner();
    assert.deepEqual(
      pieces.map((piece) => divided.push(piece)),
      [[], ['http://localhost:3000/']],
    );
    for (let before = 8160; before < 8200; before += 1) {
      const scanner = new UrlScanner();
      const found = scanner.push(`${'.'.repeat(before)} http://localhost:3000/ ${'.'.repeat(600)}`);
      assert.deepEqual(
        [...new Set([...found, ...scanner.flush()])],
        ['http://localhost:3000/'],
        `after ${before}`,
      );
    }
  });

  it('takes only addresses of this machine, in their normal form', () => {
    const table = {
      'http://localhost:3000': 'http://localhost:3000/',
      'http://0.0.0.0:3000/a': 'http://localhost:3000/a',
      'http://[::]:3000': 'http://localhost:3000/',
      'https://[::1]:3000': 'https://[::1]:3000/',
      'http://127.1.2.3:1': 'http://127.1.2.3:1/',
      'http://app.localhost:3000': 'http://app.localhost:3000/',
      'http://localhost:99999': undefined,
      'http://user@localhost:3000': undefined,
      'http://:secret@localhost:3000': undefined,
      'http://127.0.0.1.evil.example:1': undefined,
      'http://1127.0.0.1': undefined,
      'http://127.100.200.255/': 'http://127.100.200.255/',
      'ftp://localhost/': undefined,
      'file://localhost/etc/passwd': undefined,
      'http://192.168.0.1:3000': undefined,
      'http://localhost.evil.example': undefined,
      'file:///etc/passwd': undefined,
      nonsense: undefined,
    };
    assert.deepEqual(
      Object.keys(table).map((text) => loopbackUrl(text)),
      Object.values(table),
    );
  });
});
