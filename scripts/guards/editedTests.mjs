// @ts-check
import { fork } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { fromRoot, repoRoot } from '../lib/paths.mjs';
import { testBundle } from '../mocha/bundle.mjs';

/** @typedef {import('./guards.mjs').Edit} Edit */

/**
 * Full titles by test file.
 * @typedef {Readonly<Record<string, readonly string[]>>} TestTitles
 */

/** Time limit of one run, milliseconds. */
const runLimitMs = 120_000;

/** Makes the exploration of interleavings repeatable and short; a missing guard shows in a few schedules. */
const env = { INTERLEAVING_RUNS: '300', INTERLEAVING_SEED: '1', INTERLEAVING_SHRINK: 'no' };

const compilerOptions = /** @satisfies {import('esbuild').CommonOptions} */ ({
  platform: 'node',
  format: 'cjs',
  target: 'node20',
});

const outFolder = fromRoot('out', 'guards');

/**
 * Compiles test files and the source that they import, file by file: an edit then needs one file compiled anew. The
 * output is inside the repository, where Node finds the packages.
 * @param {readonly string[]} testFiles paths below the repository
 */
export async function compileTests(testFiles) {
  const { metafile } = await build({
    ...testBundle,
    entryPoints: [...testFiles],
    outdir: outFolder,
    write: false,
    metafile: true,
  });
  rmSync(outFolder, { recursive: true, force: true });
  await build({
    ...compilerOptions,
    entryPoints: Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules/')),
    outbase: repoRoot,
    outdir: outFolder,
    logLevel: 'warning',
  });
}

/**
 * Runs tests in their own process, on the compiled source with some edits. Returns the durations of those that passed,
 * in milliseconds by full title.
 * @param {TestTitles} tests
 * @param {readonly Edit[]} edits
 * @param {number} testLimitMs a test that takes longer has failed; without its guard it may wait forever
 * @returns {Promise<Map<string, number>>}
 */
export async function passingTests(tests, edits, testLimitMs) {
  const files = [...new Set(edits.map(({ file }) => file))];
  const originals = files.map((file) => ({ file, code: readFileSync(compiledFile(file)) }));
  try {
    for (const file of files) {
      const source = edits.filter((edit) => edit.file === file).reduce(replaceOnce, readSource(file));
      const { code } = await transform(source, { ...compilerOptions, loader: 'ts' });
      writeFileSync(compiledFile(file), code);
    }
    return await runTests(tests, testLimitMs);
  } finally {
    for (const { file, code } of originals) writeFileSync(compiledFile(file), code);
  }
}

/** @param {string} file path of a source file below the repository */
const readSource = (file) => readFileSync(fromRoot(file), 'utf8');

/** @param {string} file path of a source file below the repository */
const compiledFile = (file) => join(outFolder, file.replace(/\.ts$/, '.js'));

/**
 * @param {string} source
 * @param {Edit} edit
 */
function replaceOnce(source, { file, from, to }) {
  const [before = '', after, ...more] = source.split(from);
  if (after === undefined || more.length > 0)
    throw new Error(`${file} must contain this exactly once, or its guard is out of date:\n${from}`);
  return `${before}${to}${after}`;
}

/**
 * @param {TestTitles} tests
 * @param {number} testLimitMs
 * @returns {Promise<Map<string, number>>}
 */
function runTests(tests, testLimitMs) {
  const files = Object.keys(tests).map(compiledFile);
  const request = JSON.stringify({ files, titles: Object.values(tests).flat(), testLimitMs });
  const child = fork(fromRoot('scripts', 'guards', 'testProcess.mjs'), [request], {
    cwd: repoRoot,
    env: { ...process.env, ...env },
    stdio: 'ignore',
    timeout: runLimitMs,
  });
  return new Promise((resolve, reject) => {
    child.once('message', (passes) => {
      resolve(new Map(/** @type {[title: string, durationMs: number][]} */ (passes)));
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      reject(new Error(`The tests returned no result (${signal ?? `exit code ${code}`}).`));
    });
  });
}
