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
      'at Server.listen (/srv/app.js:3000:12)',
      'click http://localhost:3000@evil.example/ or http://localhost.evil.example:3000/',
      'javascript://localhost:3000/%0aalert(1) command://localhost:3000',
    ];
    assert.deepEqual(
      lines.flatMap((line) => new UrlScanner().push(`${line}\n`)),
      [],
    );
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
