import * as fc from 'fast-check';
import { FilePatterns } from '../../../src/discovery/scan/filePatterns.js';
import { fixtureProjects } from '../discovery/support/fixtureProjects.js';

/** Real files, from which texts are derived. */
const fixtures = ['kinds', 'documented'].flatMap((group) =>
  fixtureProjects(group).flatMap(({ files }) =>
    Object.entries(files).map(([path, text]) => ({ path, text })),
  ),
);

/** Pieces that the formats of workspace files give a meaning, and characters that few programs expect. */
const pieces = [
  '{}[]():;,=@#%&*|>-_.$`\\"\' \t\n/!?<'.split(''),
  ['\r\n', '\r', '\u0000', '\u001B[2J', '\u202E', '\u2028', '\uD800', '\uDC00', '\uFEFF', 'é', '𝕏'],
  ['${port}', '${', '$(id)', '{{', '}}', '{%', '&&', '||', '<<', '&a', '*a', '<<: *a', '!!js', '---\n'],
  ['../..', '/', 'C:\\', '//', '.', '0', '-1', '65536', '1e999', 'NaN', 'null', 'true', '[]', '{}'],
  ['__proto__', 'constructor', 'toString', 'scripts', 'dev', 'start', 'serve', 'tasks', 'configurations'],
  ['services', 'ports', 'command', 'build', 'type', 'name', 'label', 'program', 'cwd', 'env', 'args', 'port'],
  [
    'vite',
    'next dev',
    'npm run dev',
    'pnpm -r dev',
    'flask run',
    'go run .',
    'docker compose up',
    'make dev',
  ],
  ['dev:', '\tvite\n', 'web: vite\n', 'dev port="1":\n', '.PHONY: dev\n', 'include x\n', 'define a\n'],
  ['[package]\n', '[[bin]]\n', '[tasks.dev]\nrun="vite"\n', 'app = Flask(__name__)\n', 'package main\n'],
  ['func main() {}\n', '<project>', '<plugin>', 'plugins { id "x" }\n', 'http.ListenAndServe(":80", nil)'],
].flat();

const piece = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary' }));

const keys = fc.oneof(
  fc.constantFrom(...pieces.filter((each) => /^[a-z_]+$/iu.test(each)), 'version', '0.2.0', 'targets'),
  piece,
);

/** A value of JSON, and so of YAML, with the names that the formats know. */
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(piece, fc.integer(), fc.boolean(), fc.constant(null), fc.double()),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(keys, tie('any'), { maxKeys: 5 }),
  ),
})).any;

/** A real text with some parts removed, doubled or replaced. */
function changed(texts: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 40 }),
    by: fc.oneof(piece, fc.constant(''), fc.constant(undefined)),
  });
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([text, changes]) =>
      changes.reduce((before, { from, length, by }) => {
        const start = Math.floor(from * before.length);
        const part = before.slice(start, start + length);
        return before.slice(0, start) + (by ?? part + part) + before.slice(start + length);
      }, text),
    );
}

/** Largest text that most parsers search. */
const maxLength = 256 * 1024;

/** A piece as often as it fits into a large file: it shows work of more than linear time. */
const repeated = fc
  .tuple(fc.array(piece, { minLength: 1, maxLength: 3 }), piece, fc.constantFrom(300, 3000, 20_000))
  .map(([unit, end, times]) => (unit.join('').repeat(times) + end).slice(0, maxLength));

/** Texts of parts that begin and never end. To look for the end of each of them takes more than linear time. */
export const unclosedTexts = [
  '<!--',
  '<plugin>',
  '<profile>',
  '${',
  '{{',
  '"""',
  '[a',
  '/*',
  ' || exit',
  '\n',
  ' ',
].map((opening) => opening.repeat(maxLength / opening.length));

/** Texts of files with such names. */
export function fileTexts(patterns: readonly string[]): fc.Arbitrary<string> {
  const wanted = new FilePatterns(patterns);
  const real = fixtures.filter(({ path }) => wanted.baseFolder(path) !== undefined).map(({ text }) => text);
  const all = real.length > 0 ? real : fixtures.map(({ text }) => text);
  return fc.oneof(
    { weight: 4, arbitrary: changed(all) },
    { weight: 3, arbitrary: value.map((each) => JSON.stringify(each, undefined, 1)) },
    { weight: 3, arbitrary: fc.array(piece, { maxLength: 60 }).map((words) => words.join('')) },
    { weight: 1, arbitrary: repeated },
  );
}

/** Values that a message of another program may have. */
export const messageValues = value;
