import { UrlScanner } from '../../src/core/urlDetection/urlScanner.js';
import { alone, compared, mark } from '../harness/marks.js';
import { coloredLog, hostilePieces, urlLog } from '../harness/logs.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';

const chunkLength = 64 * 1024;
const chunks = 32;
const mebibyte = 1024 * 1024;

type Scan = (pieces: readonly string[]) => unknown;

/** Measures the URL scanner alone, compared with regular expressions that are applied to each piece. */
export function scanner(setup: Setup): Promise<PartResult> {
  const texts = { 'colored log': coloredLog, 'full of URLs': urlLog };
  const speeds = Object.entries(texts).flatMap(([what, lines]) => {
    const piece = filled(lines.join(''), chunkLength);
    const pieces = Array.from({ length: chunks }, () => piece);
    return [
      { who: `regular expressions, ${what}`, values: measureSpeeds(setup, byExpressions, pieces) },
      { who: `ours, ${what}`, values: measureSpeeds(setup, byScanner, pieces) },
    ];
  });
  const worst = worstLine(setup);
  const [regex, colored, , full] = speeds.map(({ values }) => median(values));
  return Promise.resolve({
    title: 'The URL scanner alone',
    method: `${chunks} pieces of ${chunkLength / 1024} KiB, as a process host receives them, from logs of Vite, Next.js and Nest. The baseline removes the control sequences from each piece and matches a regular expression for URLs, as the detection of forwarded ports does; it misses URLs that are split between two pieces. The hostile lines are 1 MiB long, in one piece and in several.`,
    rows: [
      ...compared('MB/s', speeds),
      ...alone('ms', [{ who: `ours, worst line: ${worst.what}`, values: worst.times }]),
    ],
    marks: [
      mark({
        what: 'colored log',
        ours: colored ?? Number.NaN,
        unit: 'MB/s',
        baseline: regex ?? Number.NaN,
        atLeast: 500,
      }),
      mark({ what: 'full of URLs', ours: full ?? Number.NaN, unit: 'MB/s', atLeast: 100 }),
      mark({ what: 'hostile line of 1 MiB', ours: median(worst.times), unit: 'ms', atMost: 50 }),
    ],
    missing: [],
  });
}

function worstLine(setup: Setup): { what: string; times: number[] } {
  const lines = Object.entries(hostilePieces).flatMap(([what, piece]) => {
    const text = filled(piece, mebibyte);
    return [[text], text.match(/[^]{1,65536}/g) ?? []].map((pieces) => ({
      what,
      times: Array.from({ length: rounds(setup, 10) }, () => scanMs(byScanner, pieces)),
    }));
  });
  return lines.reduce((one, other) => (median(other.times) > median(one.times) ? other : one));
}

/** Returns the speed of each repetition in millions of characters per second. */
function measureSpeeds(setup: Setup, scan: Scan, pieces: readonly string[]): number[] {
  const characters = pieces.reduce((total, { length }) => total + length, 0);
  return Array.from({ length: rounds(setup, 20) }, () => characters / 1000 / scanMs(scan, pieces));
}

function scanMs(scan: Scan, pieces: readonly string[]): number {
  const start = performance.now();
  scan(pieces);
  return performance.now() - start;
}

function byScanner(pieces: readonly string[]): string[] {
  const urls = new UrlScanner();
  return [...pieces.flatMap((piece) => urls.push(piece)), ...urls.flush()];
}

// oxlint-disable-next-line no-control-regex -- matches control sequences
const sequences = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
const addresses =
  /\bhttps?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::\d{1,5})?(?:\/[\w\-./?%&=]*)?/gi;

function byExpressions(pieces: readonly string[]): string[] {
  return pieces.flatMap((piece) => piece.replaceAll(sequences, '').match(addresses) ?? []);
}

function filled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
