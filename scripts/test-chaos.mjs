// @ts-check
// Kills windows and their process hosts at random moments: node scripts/test-chaos.mjs [ROUNDS]
import { execFileSync } from 'node:child_process';
import { repoRoot } from './lib/paths.mjs';

const [rounds = '200'] = process.argv.slice(2);
execFileSync(process.execPath, ['esbuild.js'], { cwd: repoRoot, stdio: 'inherit' });
execFileSync(process.execPath, ['scripts/run-mocha.mjs', 'host', '--grep', 'chaos'], {
  cwd: repoRoot,
  stdio: 'inherit',
  env: { ...process.env, CHAOS_ROUNDS: rounds },
});
