import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { UrlScanner } from '../../../../src/core/urlDetection/urlScanner.js';

const folder = join(process.cwd(), 'test/fixtures/banners');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  { port: number | null; otherPorts?: number[] }
>;

/** Distance of the cuts in bytes; larger where this file runs hundreds of times. */
const cutStep = Number(process.env['BANNER_CUT_STEP'] ?? 1);

interface Findings {
  readonly ports: readonly number[];
  readonly otherPorts: readonly number[];
}

/** Scans the pieces; with `rests`, the output pauses after each of them. */
function scan(pieces: readonly string[], rests = false): Findings {
  const scanner = new UrlScanner();
  const urls = pieces.flatMap((piece) => [...scanner.push(piece), ...(rests ? scanner.flush() : [])]);
  urls.push(...scanner.flush());
  return { ports: urls.map(portOf), otherPorts: [...scanner.ports.others] };
}

function portOf(url: string): number {
  return Number(new URL(url).port || '80');
}

/** Returns the results that a start depends on: the current port, and every port that was announced. */
function outcome({ ports, otherPorts }: Findings): string {
  const announced = new Set(ports);
  return `${ports.at(-1) ?? 'nowhere'} of ${[...announced].join()}, others ${[...otherPorts].join()}`;
}

function found(...pieces: readonly string[]): string[] {
  const scanner = new UrlScanner();
  return pieces.flatMap((piece) => scanner.push(piece));
}

/** Returns the distinct lines of an output: a cut affects one line only, and progress lines differ only in a number. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines = bytes.toString('latin1').split(/(?<=\n)/);
  const byPattern = new Map(
    lines.map((line) => [line.includes('://') ? line : line.replaceAll(/\d/g, '0'), line]),
  );
  return [...byPattern.values()].map((line) => Buffer.from(line, 'latin1'));
}

/** Yields the text before and after each cut, as a stream decoder returns it. */
function* cutsOf(bytes: Buffer): Generator<[string, string]> {
  for (let cut = 0; cut <= bytes.length; cut += cutStep) {
    const decoder = new StringDecoder('utf8');
    yield [decoder.write(bytes.subarray(0, cut)), decoder.end(bytes.subarray(cut))];
  }
}

describe('the URL scanner', () => {
  for (const [name, { port, otherPorts = [] }] of Object.entries(expected)) {
    describe(`on the output of ${name}`, () => {
      const bytes = readFileSync(join(folder, `${name}.raw`));
      const text = bytes.toString('utf8');
      const whole = outcome(scan([text]));

      it(`finds ${port ?? 'nothing'}`, () => {
        const { ports, otherPorts: others } = scan([text]);
        assert.deepEqual([ports.at(-1) ?? null, others], [port, otherPorts]);
      });

      it('finds the same character by character', () => {
        assert.equal(outcome(scan(text.split(''))), whole);
      });

      it('finds the same when cut at every byte, and no shorter port when the output pauses there', () => {
        for (const line of linesOf(bytes)) {
          const findings = outcome(scan([line.toString('utf8')]));
          for (const pieces of cutsOf(line)) {
            assert.equal(outcome(scan(pieces)), findings);
            assert.equal(outcome(scan(pieces, true)), findings);
          }
        }
      });
    });
  }

  it('finds an address with a color at any position, and after each character', () => {
    const address = 'http://localhost:5173/';
    const colors = ['\u001b[1m', '\u001b[38;2;10;20;30m', '\u001b[0K', '\u001b(B'];
    for (let at = 0; at <= address.length; at += 1) {
      for (const color of colors) {
        const line = `  Local: ${address.slice(0, at)}${color}${address.slice(at)}\u001b[0m\r\n`;
        assert.deepEqual(found(line), [address], JSON.stringify(line));
      }
    }
    assert.deepEqual(found(`${address.split('').join('\u001b[36m')}\n`), [address]);
  });

  it('finds the address of a hyperlink in its text, or else in its target', () => {
    const table = {
      '\u001b]8;;http://localhost:1234/\u001b\\http://localhost:1234/\u001b]8;;\u001b\\': [
        'http://localhost:1234/',
      ],
      '\u001b]8;id=1;http://localhost:1234/\u0007open\u001b]8;;\u0007': ['http://localhost:1234/'],
      '\u001b]8;;http://localhost:666/\u001b\\http://localhost:1234/\u001b]8;;\u001b\\': [
        'http://localhost:1234/',
      ],
      '\u001b]8;;https://evil.example:1234/\u001b\\localhost\u001b]8;;\u001b\\': [],
      '\u001b]8;;command:evil?http://localhost:1234/\u001b\\open\u001b]8;;\u001b\\': [],
      '\u001b]8;;file:///etc/passwd\u0007open\u001b]8;;\u0007': [],
      '\u001b]0;http://localhost:1234/\u0007title': [],
    };
    assert.deepEqual(
      Object.keys(table).map((line) => found(`${line}\n`)),
      Object.values(table),
    );
  });

  it('treats text after a cursor movement as another line', () => {
    const spinner = '⠋ is port 3000 in use?\u001b[2K\u001b[1GLocal: http://localhost:3000/\r\n';
    const screen =
      '\u001b[1;1HPort 3000 is in use\u001b[2;1HLocal:\u001b[2Chttp://localhost:3001/\u001b[3;1H';
    const rewritten = 'starting on port 3000\rfailed to listen on port 3000\rready on port 3001\r\n';
    assert.deepEqual(found(spinner), ['http://localhost:3000/']);
    assert.deepEqual(found(`${screen}\n`), ['http://localhost:3001/']);
    assert.deepEqual(found(rewritten), ['http://localhost:3000/', 'http://localhost:3001/']);
  });

  it('waits for the end of a line, or for a call that parses the unfinished line', () => {
    const scanner = new UrlScanner();
    const results = [
      scanner.push('http://localhost:30'),
      scanner.push('00/\nhttp://localhost:'),
      scanner.push('4000/'),
      scanner.flush(),
    ];
    assert.deepEqual(results, [[], ['http://localhost:3000/'], [], ['http://localhost:4000/']]);
  });

  it('reports no truncated port when the output pauses inside it', () => {
    const lines = ['see http://localhost:5173/app', 'listening on port 5173 now', 'serving at :5173'];
    for (const line of lines) {
      for (let cut = 0; cut < line.length; cut += 1) {
        const scanner = new UrlScanner();
        scanner.push(line.slice(0, cut));
        assert.ok(
          scanner.flush().every((url) => portOf(url) === 5173),
          line.slice(0, cut),
        );
      }
    }
  });

  it('accepts a port of four digits when the output pauses after it', () => {
    const table = {
      'http://localhost:4000': ['http://localhost:4000/'],
      'http://localhost:400': [],
      'http://localhost:': [],
      'http://localhost': [],
      'listening on port 4000': ['http://localhost:4000/'],
      'listening on port 400': [],
    };
    const results = Object.keys(table).map((text) => {
      const scanner = new UrlScanner();
      return scanner.push(text).concat(scanner.flush());
    });
    assert.deepEqual(results, Object.values(table));
  });

  it('uses the last announcement when the server moves, and moves back', () => {
    const lines = ['http://localhost:3000/', 'http://localhost:3001/', 'http://localhost:3000/'];
    assert.deepEqual(found(lines.map((line) => `ready on ${line}\n`).join('')), lines);
  });

  it('skips repetitions of the last address of a chunk, but not a shorter or other one, or the next chunk', () => {
    const pieces = [
      'http://localhost:3000/posts\nhttp://localhost:3000/users\nhttp://localhost:3000\nhttp://localhost:3000\n',
      'http://localhost:3000/\nhttp://localhost:3000/a\nhttp://localhost:30001/ http://localhost:3000/b\n',
      'https://127.0.0.1:3000/\nhttps://127.0.0.1:3000/\nhttp://app.localhost:1/\nhttp://app.localhost:1/a\n',
      'proxy http://localhost:3000/ to http://localhost:4000/\nhttp://localhost:3000/\n',
      'http://localhost:3000/\nproxy http://localhost:3000/ to http://localhost:4000/\n',
    ];
    const scanner = new UrlScanner();
    assert.deepEqual(
      pieces.map((piece) => scanner.push(piece)),
      [
        ['http://localhost:3000/posts', 'http://localhost:3000/'],
        ['http://localhost:3000/', 'http://localhost:30001/', 'http://localhost:3000/b'],
        ['https://127.0.0.1:3000/', 'http://app.localhost:1/'],
        ['http://localhost:3000/'],
        ['http://localhost:3000/'],
      ],
    );
  });

  it('stops ignoring a port when the server is announced on it', () => {
    const scanner = new UrlScanner();
    const seen = [
      'DevTools: http://localhost:5173/__devtools__/\n',
      'HMR running on port 24678\n',
      'Local: http://localhost:5173/\n',
      'DevTools: http://localhost:5173/__devtools__/\n',
    ].map((line) => {
      const urls = scanner.push(line);
      return [urls, [...scanner.ports.others]];
    });
    assert.deepEqual(seen, [
      [[], [5173]],
      [[], [5173, 24678]],
      [['http://localhost:5173/'], [24678]],
      [[], [24678]],
    ]);
  });

  it('finds a whole address, wherever an endless line is divided', () => {
    for (const filling of ['.', '文']) {
      for (let before = 8160; before < 8200; before += 1) {
        const text = `${filling.repeat(before)} http://localhost:3000/ ${filling.repeat(9000)}`;
        const cut = before + 20;
        const pieces = [[text], [text.slice(0, cut), text.slice(cut)]];
        const ports = pieces.flatMap((parts) => Array.from(new Set(scan(parts).ports)));
        assert.deepEqual(ports, [3000, 3000], `${filling} × ${before}`);
      }
    }
  });

  it('reports addresses in an endless line before its end, and then forgets the line', () => {
    const scanner = new UrlScanner();
    const filling = 'x'.repeat(9000);
    const results = ['http://localhost:3000/ ', filling, ' http://localhost:4000/ ', filling, filling].map(
      (piece) => scanner.push(piece),
    );
    assert.deepEqual(results, [[], ['http://localhost:3000/'], [], ['http://localhost:4000/'], []]);
    assert.deepEqual(scanner.flush(), []);
  });

  it('finds an address at the end of a line of one mebibyte', () => {
    const text = `${'x'.repeat(1024 * 1024)} Local: http://localhost:3000/\n`;
    assert.deepEqual([...new Set(found(text))], ['http://localhost:3000/']);
    assert.deepEqual([...new Set(found(...(text.match(/[^]{1,65536}/g) ?? [])))], ['http://localhost:3000/']);
  });

  it('tolerates broken characters', () => {
    const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('utf8'));
    // The start of a control sequence may legitimately remove the text after it.
    // oxlint-disable-next-line no-control-regex -- control characters are excluded
    const harmless = noise.filter((text) => !/[\u001b\u0090-\u009f]/.test(text));
    fc.assert(
      fc.property(harmless, fc.nat(60), (text, cut) => {
        const line = `${text}\n\ud800 Local: http://localhost:3000/ \udfff\n`;
        assert.deepEqual(found(line.slice(0, cut), line.slice(cut)).at(-1), 'http://localhost:3000/');
      }),
    );
  });

  // Code of more than linear time takes minutes here, and fails by the timeout of the test.
  const hostile = {
    'control sequences without end': `\u009b${';'.repeat(50_000)}`,
    'links without end': '\u001b]8;;',
    'links without end that lead here': '\u001b]8;;http://localhost:1',
    'announcements without a port': 'started server on ',
    schemes: 'http://',
    hosts: 'http://localhost:',
    addresses: 'http://localhost:3000 ',
    separators: '://',
    'other services': 'debugger listening on port ',
    arrows: '/a -> ',
    'one word': 'a',
    colors: '\u001b[1m',
    'a port and colors': `port${'\u001b[1m'.repeat(10_000)}`,
    'rewritten lines': 'port 3000\r',
    spaces: ' ',
  };
  for (const [what, text] of Object.entries(hostile)) {
    it(`reads a long line of ${what} in linear time`, () => {
      const line = text.repeat(Math.ceil((256 * 1024) / text.length));
      const inChunks = line.match(/[^]{1,65536}/g) ?? [];
      for (const pieces of [[line], inChunks]) {
        const scanner = new UrlScanner();
        for (const piece of pieces) scanner.push(piece);
        assert.equal(scanner.push('\nLocal: http://localhost:5173/\n').at(-1), 'http://localhost:5173/');
      }
    });
  }
});
