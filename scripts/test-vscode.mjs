// @ts-check
// Runs test/vscode in the extension host of real VS Code versions.
import { basename } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { UsageError, runScript } from './lib/cleanup.mjs';
import { sumCounts, writeCounts } from './lib/counts.mjs';
import { fromRoot, resultFile } from './lib/paths.mjs';
import { copyWorkspace, exampleWorkspace, frameworksWorkspace } from './lib/workspace.mjs';
import { buildOption, testOptions } from './mocha/arguments.mjs';
import { bundleTests } from './mocha/bundle.mjs';
import { runInVsCode } from './vscode/testRun.mjs';
import { currentVersion, isVersion, versions } from './vscode/versions.mjs';

const help = `Usage: node scripts/test-vscode.mjs [--version ${versions.join('|')}] [--grep TEXT] [--bail] [--no-build]`;

const versionOption = /** @satisfies {import('node:util').ParseArgsOptionsConfig} */ ({
  version: { type: 'string' },
});

/** Turns off the telemetry of the frameworks. */
const noTelemetry = { NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1' };

await runScript(async () => {
  const { values } = readArguments({ ...testOptions, ...buildOption, ...versionOption }, help);
  const selected = selectVersions(values.version);
  if (!values['no-build']) await build();
  await bundleTests();
  const results = [];
  for (const version of selected) {
    results.push(await testWindow(version, exampleWorkspace, values));
    // Frameworks are slow to start, and supporting them does not depend on the version of VS Code.
    if (version === currentVersion) results.push(await testWindow(version, frameworksWorkspace, values));
  }
  const total = sumCounts(results);
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
 * Runs the tests of a workspace in a window that has a copy of it open.
 * @param {import('./vscode/versions.mjs').VsCodeVersion} version
 * @param {string} source
 * @param {{ grep?: string, bail?: boolean }} options
 */
async function testWindow(version, source, options) {
  const name = basename(source);
  console.log(`\nVS Code ${version} on ${name}`);
  const workspace = await copyWorkspace(source);
  const report = resultFile(`vscode-${version}-${name}`);
  const counts = await runInVsCode({
    version,
    tests: fromRoot('out', 'test', 'vscode', 'index.js'),
    workspace: workspace.path,
    report,
    env: {
      ...noTelemetry,
      TEST_FOLDER: name,
      TEST_PORTS: JSON.stringify(workspace.ports),
      TEST_REPORT: report,
      TEST_OPTIONS: JSON.stringify(options),
      TEST_IS_CURRENT: version === currentVersion ? 'yes' : 'no',
    },
  });
  await workspace.remove();
  console.log(`VS Code ${version} on ${name}: ${counts.passed} passed, ${counts.failed} failed`);
  return {
    ...counts,
    failures: counts.failures.map((line) => `VS Code ${version} on ${name}: ${line}`),
  };
}
