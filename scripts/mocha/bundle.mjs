// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { filesBelow } from '../lib/files.mjs';
import { fromRoot } from '../lib/paths.mjs';

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

/** Bundles the tests of the extension host, and the module that runs them there, into `out/test/vscode`. */
export async function bundleTests() {
  const source = fromRoot('test', 'vscode');
  const target = fromRoot('out', 'test', 'vscode');
  // Otherwise the old bundle of a deleted or renamed test would run again.
  rmSync(target, { recursive: true, force: true });
  await build({
    ...testBundle,
    entryPoints: [...filesBelow(source, '.test.ts'), join(source, 'index.ts')],
    outbase: source,
    outdir: target,
  });
}
