import { UrlScanner } from '../../src/core/urlDetection/urlScanner.js';
import { alone, compared, mark } from '../harness/marks.js';
import { colouredLog, hostilePieces, urlLog } from '../harness/logs.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';

const chunkLength = 64 * 1024;
const chunks = 32;
const mebibyte = 1024 * 1024;

type Scan = (pieces: readonly string[]) => unknown;

/** The scanner of addresses alone, beside expressions that are tried on each piece. */
export function scanner(setup: Setup): Promise<PartResult> {
  const texts = { 'coloured log': colouredLog, 'full of addresses': urlLog };
  const speeds = Object.entries(texts).flatMap(([what, lines]) => {
    const piece = filled(lines.join(''), chunkLength);
    const pieces = Array.from({ length: chunks }, () => piece);
    return [
      { who: `expressions, ${what}`, values: speedsOf(setup, byExpressions, pieces) },
      { who: `ours, ${what}`, values: speedsOf(setup, byScanner, pieces) },
    ];
  });
  const worst = worstLine(setup);
  const [regex, coloured, , full] = speeds.map(({ values }) => median(values));
  return Promise.resolve({
    title: 'The scanner of addresses alone',
    method: `${chunks} pieces of ${chunkLength / 1024} KiB, as a process host gets them, of logs of Vite, Next.js and Nest. The comparison removes the control sequences of each piece and tries an expression for addresses, as detectors of forwarded ports do; it misses what is cut between two pieces. The hostile lines are of 1 MiB, at once and in pieces.`,
    rows: [
      ...compared('MB/s', speeds),
      ...alone('ms', [{ who: `ours, worst line: ${worst.what}`, values: worst.times }]),
    ],
    marks: [
      mark({
        what: 'coloured log',
        ours: coloured ?? Number.NaN,
        unit: 'MB/s',
        baseline: regex ?? Number.NaN,
        atLeast: 500,
      }),
      mark({ what: 'full of addresses', ours: full ?? Number.NaN, unit: 'MB/s', atLeast: 100 }),
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
      times: Array.from({ length: rounds(setup, 10) }, () => timeOf(byScanner, pieces)),
    }));
  });
  return lines.reduce((one, other) => (median(other.times) > median(one.times) ? other : one));
}

/** Millions of characters in a second. */
function speedsOf(setup: Setup, scan: Scan, pieces: readonly string[]): number[] {
  const characters = pieces.reduce((total, { length }) => total + length, 0);
  return Array.from({ length: rounds(setup, 20) }, () => characters / 1000 / timeOf(scan, pieces));
}

function timeOf(scan: Scan, pieces: readonly string[]): number {
  const start = performance.now();
  scan(pieces);
  return performance.now() - start;
}

function byScanner(pieces: readonly string[]): string[] {
  const urls = new UrlScanner();
  return [...pieces.flatMap((piece) => urls.push(piece)), ...urls.flush()];
}

// oxlint-disable-next-line no-control-regex -- control sequences are what is looked for
const sequences = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
const addresses =
  /\bhttps?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::\d{1,5})?(?:\/[\w\-./?%&=]*)?/gi;

function byExpressions(pieces: readonly string[]): string[] {
  return pieces.flatMap((piece) => piece.replaceAll(sequences, '').match(addresses) ?? []);
}

function filled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
