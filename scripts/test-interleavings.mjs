// @ts-check
// Explores more interleavings than the unit tests do, or repeats an exploration that failed.
import { readArguments } from './lib/arguments.mjs';
import { UsageError, runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';

const defaultRuns = '10000';
const help = `Usage: node scripts/test-interleavings.mjs [--runs N] [--seed S]

--runs   number of schedules, ${defaultRuns} by default
--seed   repeats the exploration that printed this number; random by default`;

await runScript(async () => {
  const { values } = readArguments({ runs: { type: 'string' }, seed: { type: 'string' } }, help);
  const { runs = defaultRuns, seed } = values;
  for (const number of [runs, seed ?? '0']) if (!/^\d+$/.test(number)) throw new UsageError(help);
  const vitest = [process.execPath, fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run'];
  return runVisible([...vitest, '--project', 'unit', 'interleavings.test.ts', 'reloads.test.ts'], {
    cwd: repoRoot,
    env: {
      ...process.env,
      INTERLEAVING_RUNS: runs,
      ...(seed !== undefined && { INTERLEAVING_SEED: seed }),
    },
  });
});
