// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { filesBelow } from '../lib/files.mjs';
import { fromRoot } from '../lib/paths.mjs';

const testEnding = '.test.ts';

/** Build options of all tests. */
export const testBundle = /** @satisfies {import('esbuild').BuildOptions} */ ({
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  external: ['vscode', 'node-pty', 'esbuild', 'mocha', 'playwright-core', '@modelcontextprotocol/sdk'],
  sourcemap: 'inline',
  logLevel: 'warning',
});

/**
 * Loads scripts from their own location instead of bundling them: they find the repository relative to themselves, and
 * share the list of their clean-up tasks.
 * @type {import('esbuild').Plugin}
 */
export const keepScripts = {
  name: 'keep-scripts',
  setup(bundler) {
    bundler.onResolve({ filter: /\/scripts\/.*\.mjs$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(join(resolveDir, path)).href,
      external: true,
    }));
  },
};

/**
 * Bundles each test file of a suite, and `more` of its files, into `out/test/<suite>`. Returns the bundled tests.
 * @param {string} suite folder below `test`
 * @param {{ more?: string[], modules?: boolean }} [options] `modules` makes ES modules, which can load scripts
 */
export async function bundleTests(suite, { more = [], modules = false } = {}) {
  const source = fromRoot('test', suite);
  const target = fromRoot('out', 'test', suite);
  const tests = filesBelow(source, testEnding);
  const ending = modules ? '.mjs' : '.js';
  // Otherwise the old bundle of a deleted or renamed test would run again.
  rmSync(target, { recursive: true, force: true });
  await build({
    ...testBundle,
    entryPoints: [...tests, ...more.map((name) => join(source, name))],
    outbase: source,
    outdir: target,
    outExtension: { '.js': ending },
    format: modules ? 'esm' : 'cjs',
    plugins: modules ? [keepScripts] : [],
  });
  return filesBelow(target, testEnding.replace('.ts', ending));
}
