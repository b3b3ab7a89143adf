// @ts-check
// Kills windows and their process hosts at random moments: node scripts/test-chaos.mjs [ROUNDS]
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';

await runScript(async () => {
  const { positionals } = readArguments({}, 'Usage: node scripts/test-chaos.mjs [ROUNDS]', true);
  const [rounds = '200'] = positionals;
  await build();
  const vitest = [process.execPath, fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run'];
  const command = [...vitest, '--project', 'host', 'chaos.test.ts', '--testTimeout', '0'];
  return runVisible(command, { cwd: repoRoot, env: { ...process.env, CHAOS_ROUNDS: rounds } });
});
