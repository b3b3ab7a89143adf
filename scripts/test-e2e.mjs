// @ts-check
// Runs test/e2e: a browser operates the real user interface. Passes its arguments to Playwright Test.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { failure, removeCounts, writeCounts } from './lib/counts.mjs';
import { fromRoot, repoRoot, resultFile } from './lib/paths.mjs';
import { ensureBrowser } from './vscode/chromium.mjs';
import { ensureVsCode } from './vscode/install.mjs';
import { currentVersion } from './vscode/versions.mjs';

const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
const config = fromRoot('test', 'e2e', 'playwright.config.ts');
const report = resultFile('e2e-report');

await runScript(async () => {
  const vsix = process.env['DEV_SERVERS_VSIX'] ?? (await makePackage());
  // Before the tests, so that their time limit does not include an installation.
  await ensureVsCode(currentVersion);
  await ensureBrowser();
  removeCounts(report);
  const code = await runVisible(
    [process.execPath, cli, 'test', '--config', config, ...process.argv.slice(2)],
    {
      cwd: repoRoot,
      env: { ...process.env, DEV_SERVERS_VSIX: vsix },
    },
  );
  /** @type {import('@playwright/test/reporter').JSONReport} */
  const { stats, suites, errors } = JSON.parse(readFileSync(report, 'utf8'));
  writeCounts(resultFile('e2e'), {
    passed: stats.expected,
    failed: stats.unexpected,
    skipped: stats.skipped,
    failures: [
      ...suites.flatMap((suite) => failuresOf(suite, [])),
      ...errors.map(({ message }) => failure('outside of the tests', message)),
    ],
  });
  return code;
});

/**
 * @param {import('@playwright/test/reporter').JSONReportSuite} suite
 * @param {string[]} parents titles of the suites around it
 * @returns {string[]}
 */
function failuresOf({ title, specs, suites = [] }, parents) {
  const path = [...parents, title];
  const own = specs
    .filter(({ ok }) => !ok)
    .map((spec) => {
      const errors = spec.tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
      return failure([...path, spec.title].join(' › '), errors.map(textOf).join('; '));
    });
  return [...own, ...suites.flatMap((suite) => failuresOf(suite, path))];
}

/**
 * Returns the message of an error and its line. If a test hangs, only the error after the time-out has the line.
 * @param {import('@playwright/test/reporter').JSONReportError} error
 */
function textOf({ message, location }) {
  const [text] = message.trimStart().split('\n', 1);
  return location === undefined ? text : `${text} (${basename(location.file)}:${location.line})`;
}

/**
 * Creates the package, and with it the build. The tests cannot, since their windows run the build that this replaces.
 */
async function makePackage() {
  const vsix = fromRoot('out', 'package', 'extension.vsix');
  const code = await runVisible([process.execPath, fromRoot('scripts', 'package.mjs'), '--out', vsix]);
  if (code !== 0) throw new Error('The package was not made.');
  return vsix;
}
