// @ts-check
// Runs test/vscode inside the extension host of real VS Code versions.
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { UsageError, runScript } from './lib/cleanup.mjs';
import { sum, writeCounts } from './lib/counts.mjs';
import { fromRoot, resultFile } from './lib/paths.mjs';
import { copyWorkspace, withExamplePorts } from './lib/workspace.mjs';
import { buildOption, testOptions } from './mocha/arguments.mjs';
import { bundleTests } from './mocha/bundle.mjs';
import { runInVsCode } from './vscode/testRun.mjs';
import { isVersion, versions } from './vscode/versions.mjs';

const help = `Usage: node scripts/test-vscode.mjs [--version ${versions.join('|')}] [--grep TEXT] [--bail] [--no-build]`;

const versionOption = /** @satisfies {import('node:util').ParseArgsOptionsConfig} */ ({
  version: { type: 'string' },
});

await runScript(async () => {
  const { values } = readArguments({ ...testOptions, ...buildOption, ...versionOption }, help);
  const selected = selectVersions(values.version);
  if (!values['no-build']) await build();
  await bundleTests('vscode', { more: ['index.ts'] });
  const results = [];
  for (const version of selected) results.push(await withExamplePorts(() => testVersion(version, values)));
  const total = sum(results);
  writeCounts(resultFile('vscode'), total);
  return total.failed > 0 ? 1 : 0;
});

/** @param {string | undefined} wanted */
function selectVersions(wanted) {
  if (wanted === undefined) return versions;
  if (!isVersion(wanted)) throw new UsageError(`There is no version ${wanted}.\n\n${help}`);
  return [wanted];
}

/**
 * @param {import('./vscode/versions.mjs').VsCodeVersion} version
 * @param {{ grep?: string, bail?: boolean }} options
 */
async function testVersion(version, options) {
  console.log(`\nVS Code ${version}`);
  const workspace = await copyWorkspace();
  const report = resultFile(`vscode-${version}`);
  const counts = await runInVsCode({
    version,
    tests: fromRoot('out', 'test', 'vscode', 'index.js'),
    workspace: workspace.path,
    report,
    env: { TEST_REPORT: report, TEST_OPTIONS: JSON.stringify(options) },
  });
  await workspace.remove();
  console.log(`VS Code ${version}: ${counts.passed} passed, ${counts.failed} failed`);
  return counts;
}
