// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
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
  external: ['vscode', 'node-pty', 'esbuild', 'mocha', '@playwright/test', '@modelcontextprotocol/sdk'],
  sourcemap: 'inline',
  logLevel: 'warning',
});

/**
 * Bundles each test file of a suite, and `more` of its files, into `out/test/<suite>`. Returns the bundled tests.
 * @param {string} suite folder below `test`
 * @param {{ more?: string[] }} [options]
 */
export async function bundleTests(suite, { more = [] } = {}) {
  const source = fromRoot('test', suite);
  const target = fromRoot('out', 'test', suite);
  const tests = filesBelow(source, testEnding);
  // Otherwise the old bundle of a deleted or renamed test would run again.
  rmSync(target, { recursive: true, force: true });
  await build({
    ...testBundle,
    entryPoints: [...tests, ...more.map((name) => join(source, name))],
    outbase: source,
    outdir: target,
    // Only a window has the API of the editor: the unit tests run with a fake of it.
    alias: suite === 'unit' ? { vscode: fromRoot('test/unit/vscode/support/fakeVscode.ts') } : {},
  });
  return filesBelow(target, testEnding.replace('.ts', '.js'));
}
