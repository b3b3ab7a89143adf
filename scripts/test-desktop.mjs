// @ts-check
// Runs test/vscode in a desktop VS Code: the installed one that VSCODE_EXECUTABLE names, or a downloaded one.
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { messageOf, runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { removeCounts, readCounts } from './lib/counts.mjs';
import { cacheRoot, fromRoot, repoRoot, resultFile } from './lib/paths.mjs';
import { temporaryFolder } from './lib/temporaryFolder.mjs';
import { copyWorkspace } from './lib/workspace.mjs';
import { testOptions } from './mocha/arguments.mjs';
import { bundleTests } from './mocha/bundle.mjs';
import { writeSettings } from './vscode/userSettings.mjs';

const desktopVersion = '1.139.1';

const help = `Usage: node scripts/test-desktop.mjs [--grep TEXT] [--bail]

Needs a display (on Linux for example xvfb-run). VSCODE_EXECUTABLE names an installed VS Code to use instead of
downloading one.`;

await runScript(async () => {
  const { values } = readArguments(testOptions, help);
  const executable = process.env['VSCODE_EXECUTABLE'] ?? (await download());
  await build();
  await bundleTests();
  const workspace = await copyWorkspace();
  const data = temporaryFolder('desktop');
  writeSettings(join(data.path, 'User'));
  const report = resultFile('desktop');
  removeCounts(report);
  const command = [executable, workspace.path, ...desktopArguments(data.path)];
  const env = {
    ...process.env,
    TEST_PORTS: JSON.stringify(workspace.ports),
    TEST_REPORT: report,
    TEST_OPTIONS: JSON.stringify(values),
  };
  const code = await runVisible(command, { env });
  const counts = readCounts(report);
  if (counts === undefined) throw new Error(`VS Code ended before the tests did (exit code ${code}).`);
  console.log(`Desktop VS Code: ${counts.passed} passed, ${counts.failed} failed`);
  return code === 0 && counts.failed === 0 ? 0 : 1;
});

/** @param {string} userData */
function desktopArguments(userData) {
  return [
    `--extensionDevelopmentPath=${repoRoot}`,
    `--extensionTestsPath=${fromRoot('out', 'test', 'vscode', 'index.js')}`,
    `--user-data-dir=${userData}`,
    '--disable-extensions',
    '--disable-workspace-trust',
    '--disable-updates',
    '--skip-welcome',
    '--skip-release-notes',
    // A container has no sandbox for Chromium.
    '--no-sandbox',
  ];
}

/** Returns the path of a VS Code in the cache. Downloads it if it is missing. */
async function download() {
  try {
    return await downloadAndUnzipVSCode({ cachePath: cacheRoot, version: desktopVersion });
  } catch (error) {
    const advice =
      'Name an installed one in VSCODE_EXECUTABLE, or run "npm run test:vscode", which does not need it.';
    throw new Error(`VS Code cannot be downloaded (${messageOf(error)}).\n${advice}`, { cause: error });
  }
}
