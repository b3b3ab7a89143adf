// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { build } from 'esbuild';
import { testBundle } from '../mocha/bundle.mjs';
import { fromRoot } from '../lib/paths.mjs';
import { temporaryFolder } from '../lib/temporaryFolder.mjs';

/** @typedef {import('./guards.mjs').Edit} Edit */

/** Longer than any of these tests takes, and than all of them; one that hangs without its guard has failed. Milliseconds. */
const testLimitMs = 10_000;
const limitMs = 120_000;

/** The exploration finds the same each time, and few schedules are enough to find what is missing. */
const env = { INTERLEAVING_RUNS: '300', INTERLEAVING_SEED: '1', INTERLEAVING_SHRINK: 'no' };

/**
 * Runs tests on the source with some edits, in a process of its own. Returns the full titles of those that passed.
 * @param {Readonly<Record<string, readonly string[]>>} tests full titles by the file that they stand in
 * @param {Edit[]} edits
 * @returns {Promise<Set<string>>}
 */
export async function passingTests(tests, edits) {
  const folder = temporaryFolder('guards');
  try {
    const bundles = await bundle(Object.keys(tests), edits, folder.path);
    const report = join(folder.path, 'report.json');
    const failure = await runMocha(bundles, Object.values(tests).flat(), report);
    return passed(report, failure);
  } finally {
    await folder.remove();
  }
}

/**
 * @param {string[]} tests
 * @param {Edit[]} edits
 * @param {string} folder
 */
async function bundle(tests, edits, folder) {
  const applied = new Set();
  await build({
    ...testBundle,
    entryPoints: tests.map((test) => fromRoot(...test.split('/'))),
    outbase: fromRoot('test'),
    outdir: folder,
    plugins: [editing(edits, (edit) => applied.add(edit))],
  });
  for (const edit of edits)
    if (!applied.has(edit)) throw new Error(`No test loads ${edit.file}, so its edit changes nothing.`);
  return tests.map((test) => join(folder, test.replace(/^test\//, '').replace(/\.ts$/, '.js')));
}

/**
 * @param {Edit[]} edits
 * @param {(edit: Edit) => void} onApplied
 * @returns {import('esbuild').Plugin}
 */
function editing(edits, onApplied) {
  return {
    name: 'editing',
    setup(bundler) {
      for (const file of new Set(edits.map((edit) => edit.file))) {
        const path = fromRoot(...file.split('/'));
        const filter = new RegExp(`${file.replaceAll(/[.]/g, '\\.').replaceAll('/', '[/\\\\]')}$`);
        bundler.onLoad({ filter }, () => {
          let contents = readFileSync(path, 'utf8');
          for (const edit of edits.filter((each) => each.file === file)) {
            contents = replaceOnce(contents, edit);
            onApplied(edit);
          }
          return { contents, loader: 'ts' };
        });
      }
    },
  };
}

/**
 * @param {string} text
 * @param {Edit} edit
 */
function replaceOnce(text, { file, from, to }) {
  const [before = '', after, ...more] = text.split(from);
  if (after === undefined || more.length > 0)
    throw new Error(`${file} must contain this exactly once, or its guard is out of date:\n${from}`);
  return `${before}${to}${after}`;
}

/**
 * @param {string[]} files
 * @param {readonly string[]} titles
 * @param {string} report
 * @returns {Promise<Error | null>}
 */
function runMocha(files, titles, report) {
  const mocha = fromRoot('node_modules', 'mocha', 'bin', 'mocha.js');
  const only = `^(?:${titles.map((title) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|')})$`;
  const options = [
    '--no-config',
    '--reporter=json',
    `--reporter-option=output=${report}`,
    `--grep=${only}`,
    `--timeout=${testLimitMs}`,
  ];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [mocha, ...options, ...files],
      { cwd: fromRoot(), env: { ...process.env, ...env }, timeout: limitMs, maxBuffer: Infinity },
      (error) => resolve(error),
    );
  });
}

/**
 * @param {string} report
 * @param {Error | null} failure
 */
function passed(report, failure) {
  try {
    const { passes } = /** @type {{ passes: { fullTitle: string }[] }} */ (
      JSON.parse(readFileSync(report, 'utf8'))
    );
    return new Set(passes.map(({ fullTitle }) => fullTitle));
  } catch (error) {
    throw new Error(`The tests came to no result: ${failure?.message}`, { cause: error });
  }
}
