// @ts-check
// Runs the tests that need no VS Code: node scripts/run-mocha.mjs unit|host
import { readArguments } from './lib/arguments.mjs';
import { UsageError, runScript } from './lib/cleanup.mjs';
import { writeCounts } from './lib/counts.mjs';
import { resultFile } from './lib/paths.mjs';
import { endWithoutLeftovers } from './mocha/leftovers.mjs';
import { mochaOptions, testOptions } from './mocha/arguments.mjs';
import { bundleTests } from './mocha/bundle.mjs';
import { runMocha } from './mocha/runner.mjs';

const suites = ['unit', 'host'];
const help = `Usage: node scripts/run-mocha.mjs ${suites.join('|')} [--grep TEXT] [--bail]`;

await runScript(async () => {
  const { values, positionals } = readArguments(testOptions, help, true);
  const [suite = '', ...others] = positionals;
  if (!suites.includes(suite) || others.length > 0) throw new UsageError(help);
  // What a shell sets up counts as there: the start-up files of whoever runs the tests are none of theirs.
  process.env['SHLVL'] ||= '1';
  const files = await bundleTests(suite);
  const counts = await runMocha(files, mochaOptions(values));
  writeCounts(resultFile(suite), counts);
  endWithoutLeftovers();
  return counts.failed > 0 ? 1 : 0;
});
