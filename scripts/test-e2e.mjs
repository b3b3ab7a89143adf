// @ts-check
// Runs test/e2e: a browser operates the real user interface.
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { runScript } from './lib/cleanup.mjs';
import { writeCounts } from './lib/counts.mjs';
import { resultFile } from './lib/paths.mjs';
import { failOnOpenHandles } from './mocha/openHandles.mjs';
import { buildOption, mochaOptions, testOptions } from './mocha/arguments.mjs';
import { withExamplePorts } from './lib/workspace.mjs';
import { bundleTests } from './mocha/bundle.mjs';
import { runMocha } from './mocha/runner.mjs';
import { ensureBrowser } from './vscode/chromium.mjs';
import { ensureVsCode } from './vscode/install.mjs';
import { currentVersion } from './vscode/versions.mjs';

const help = 'Usage: node scripts/test-e2e.mjs [--grep TEXT] [--bail] [--no-build]';

await runScript(async () => {
  const { values } = readArguments({ ...testOptions, ...buildOption }, help);
  if (!values['no-build']) await build();
  // Before the tests, whose time limits are too short for an installation.
  await ensureVsCode(currentVersion);
  await ensureBrowser();
  const files = await bundleTests('e2e', { modules: true });
  const counts = await withExamplePorts(() => runMocha(files, mochaOptions(values)));
  writeCounts(resultFile('e2e'), counts);
  failOnOpenHandles();
  return counts.failed > 0 ? 1 : 0;
});
