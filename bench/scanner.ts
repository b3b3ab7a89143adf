import { UrlScanner } from '../src/core/urlScanner.js';
import { rounded } from './measure.js';

const chunkLength = 64 * 1024;
const chunks = 64;
const mebibyte = 1024 * 1024;
const rounds = 5;

const colouredLog = [
  '\u001b[2m12:30:45 PM\u001b[22m \u001b[36m\u001b[1m[vite]\u001b[22m\u001b[39m \u001b[32mhmr update \u001b[39m\u001b[2m/src/App.tsx\u001b[22m\r\n',
  ' GET /api/items \u001b[32m200\u001b[39m in 500ms\u001b[2m (next.js: 311ms, application-code: 189ms)\u001b[22m\r\n',
  '\u001b[32m[Nest] 11107  - \u001b[39m11/23/2026, 10:05:23 AM \u001b[32m    LOG\u001b[39m \u001b[38;5;3m[InstanceLoader] \u001b[39m\u001b[32mAppModule dependencies initialized\u001b[39m\u001b[38;5;3m +9ms\u001b[39m\r\n',
];
const urlLog = [
  'GET http://localhost:3000/api/items/17?sort=name 200 in 12 ms\n',
  'fetched \u001b[36mhttps://registry.example.org/packages/left-pad/-/left-pad-1.3.0.tgz\u001b[39m in 33 ms\n',
  '127.0.0.1 - - [23/Nov/2026:10:05:23 +0000] "GET /a HTTP/1.1" 200 12 "http://localhost:5173/" "Mozilla/5.0"\n',
  'page http://localhost:3000/blog/a-post-about-something rendered\n',
];
const hostile = {
  'control sequences without end': '\u009b;;;;;;;;;;',
  'started server on': 'started server on ',
  'http://': 'http://',
  'http://localhost:': 'http://localhost:',
  'http://localhost:3000': ' http://localhost:3000/a',
  '://': '://',
  'links without end': '\u001b]8;;http://localhost:1',
  'one long word': 'a',
  escapes: '\u001b[1m',
  'lone carriage returns': 'port 3000\r',
  'debugger listening on': 'debugger listening on port ',
  ports: ':3000',
  'on 1': 'on 1',
  arrows: '/a -> /a -> http://localhost:1 ',
};

/** Millions of characters that the scanner reads in a second, in chunks as the process host gets them. */
export function scannerThroughput(): Record<string, unknown>[] {
  const rows = Object.entries({ 'coloured log': colouredLog, 'full of URLs': urlLog }).map(
    ([what, lines]) => {
      const text = filled(lines.join(''), chunkLength);
      const ms = fastest(() => scan(Array.from({ length: chunks }, () => text)));
      return { what, 'MB/s': rounded((chunks * chunkLength) / 1000 / ms) };
    },
  );
  const lines = Object.entries(hostile).map(([what, piece]) => {
    const text = filled(piece, mebibyte);
    const inChunks = text.match(/[^]{1,65536}/g) ?? [];
    return {
      what,
      ms: Math.max(
        fastest(() => scan([text])),
        fastest(() => scan(inChunks)),
      ),
    };
  });
  const worst = lines.reduce((one, other) => (other.ms > one.ms ? other : one));
  return [...rows, { what: `worst line of 1 MiB: ${worst.what}`, ms: rounded(worst.ms) }];
}

function scan(pieces: readonly string[]): void {
  const urls = new UrlScanner();
  for (const piece of pieces) urls.push(piece);
  urls.flush();
}

function filled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

function fastest(work: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
  return Math.min(...times);
}
