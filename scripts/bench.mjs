// @ts-check
// Measures the process host and the core: node scripts/bench.mjs [host] [registry] [output] [scanner] [discovery]
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { fromRoot, repoRoot } from './lib/paths.mjs';

const outfile = fromRoot('out', 'bench', 'main.mjs');
execFileSync(process.execPath, ['esbuild.js', '--production'], { cwd: repoRoot, stdio: 'inherit' });
await build({
  entryPoints: [fromRoot('bench', 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  target: 'node20',
  external: ['node-pty'],
  // Libraries in the older format ask for a `require`, which an ES module does not have.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
execFileSync(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: repoRoot, stdio: 'inherit' });
