// @ts-check
// Explores more interleavings than the unit tests do, or repeats an exploration that failed.
import { basename } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { UsageError, runScript } from './lib/cleanup.mjs';
import { writeCounts } from './lib/counts.mjs';
import { resultFile } from './lib/paths.mjs';
import { bundleTests } from './mocha/bundle.mjs';
import { failOnOpenHandles } from './mocha/openHandles.mjs';
import { runMocha } from './mocha/runner.mjs';

const defaultRuns = '10000';
const help = `Usage: node scripts/test-interleavings.mjs [--runs N] [--seed S]

--runs   number of schedules, ${defaultRuns} by default
--seed   repeats the exploration that printed this number; random by default`;

await runScript(async () => {
  const { values } = readArguments({ runs: { type: 'string' }, seed: { type: 'string' } }, help);
  const { runs = defaultRuns, seed } = values;
  for (const number of [runs, seed ?? '0']) if (!/^\d+$/.test(number)) throw new UsageError(help);
  process.env['INTERLEAVING_RUNS'] = runs;
  if (seed !== undefined) process.env['INTERLEAVING_SEED'] = seed;
  const files = await bundleTests('unit');
  const counts = await runMocha(
    files.filter((file) => basename(file) === 'interleavings.test.js'),
    { timeout: 0 },
  );
  writeCounts(resultFile('interleavings'), counts);
  failOnOpenHandles();
  return counts.failed > 0 ? 1 : 0;
});
