// @ts-check
// Explores the parsers and the protocols with random texts and messages for longer than the unit tests do.
import { readArguments } from '../lib/arguments.mjs';
import { UsageError, runScript } from '../lib/cleanup.mjs';
import { runVisible } from '../lib/command.mjs';
import { fromRoot, repoRoot } from '../lib/paths.mjs';

const defaultSeconds = '60';
const help = `Usage: node scripts/vitest/fuzz.mjs [--seconds N] [--seed S] [NAME]

--seconds   time for each target, ${defaultSeconds} by default
--seed      repeats the exploration that printed this number; random by default
NAME        explores only targets whose names contain it`;

await runScript(async () => {
  const options = /** @type {const} */ ({ seconds: { type: 'string' }, seed: { type: 'string' } });
  const { values, positionals } = readArguments(options, help, true);
  const { seconds = defaultSeconds, seed } = values;
  for (const number of [seconds, seed ?? '0']) if (!/^\d+$/.test(number)) throw new UsageError(help);
  const vitest = [process.execPath, fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run'];
  const filter = positionals.flatMap((name) => ['-t', name]);
  return runVisible([...vitest, '--project', 'unit', 'test/unit/fuzz', ...filter], {
    cwd: repoRoot,
    env: { ...process.env, FUZZ_SECONDS: seconds, ...(seed !== undefined && { FUZZ_SEED: seed }) },
  });
});
