// @ts-check
// Runs the tests that do not need VS Code: node scripts/run-mocha.mjs unit|host
import { readArguments } from './lib/arguments.mjs';
import { UsageError, runScript } from './lib/cleanup.mjs';
import { writeCounts } from './lib/counts.mjs';
import { resultFile } from './lib/paths.mjs';
import { ensureDependencies, testTools } from './lib/workspace.mjs';
import { failOnOpenHandles } from './mocha/openHandles.mjs';
import { mochaOptions, testOptions } from './mocha/arguments.mjs';
import { bundleTests } from './mocha/bundle.mjs';
import { runMocha } from './mocha/runner.mjs';

const suites = ['unit', 'host'];
const help = `Usage: node scripts/run-mocha.mjs ${suites.join('|')} [--grep TEXT] [--bail]`;

await runScript(async () => {
  const { values, positionals } = readArguments(testOptions, help, true);
  const [suite = '', ...others] = positionals;
  if (!suites.includes(suite) || others.length > 0) throw new UsageError(help);
  // Marks the environment as that of a shell, so that the tests do not run the start-up files of the user.
  process.env['SHLVL'] ||= '1';
  if (suite === 'host') await ensureDependencies(testTools);
  const files = await bundleTests(suite);
  const counts = await runMocha(files, mochaOptions(values));
  writeCounts(resultFile(suite), counts);
  failOnOpenHandles();
  return counts.failed > 0 ? 1 : 0;
});
