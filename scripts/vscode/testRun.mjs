// @ts-check
import { isInterrupted } from '../lib/cleanup.mjs';
import { describe } from '../lib/processes.mjs';
import { repoRoot } from '../lib/paths.mjs';
import { forgetCounts, readCounts } from '../lib/counts.mjs';
import { createOutputFilter } from '../mocha/testOutput.mjs';
import { ensureVsCode } from './install.mjs';
import { startServer } from './server.mjs';
import { openBrowser, testAddress } from './workbench.mjs';

/** @typedef {import('../lib/counts.mjs').Counts} Counts */

/**
 * @typedef {object} TestRun
 * @property {import('./versions.mjs').VsCodeVersion} version
 * @property {string} tests absolute path of the module whose `run` is called in the extension host
 * @property {string} workspace absolute path of the folder to open
 * @property {string} report where the tests leave their counts
 * @property {Record<string, string>} env what the tests find in their environment
 * @property {string} [extension]
 * @property {string} [installed] absolute path of another unpacked extension, which counts as installed
 */

/** The whole run: a window that never gets as far as the tests ends here. */
const limitMs = 240_000;

/**
 * Runs tests inside the extension host of a real VS Code and returns their counts. What they print is printed here.
 * @param {TestRun} run
 * @returns {Promise<Counts>}
 */
export async function runInVsCode(run) {
  forgetCounts(run.report);
  const install = await ensureVsCode(run.version);
  const server = await startServer({
    install,
    env: { ...run.env, TEST_MARKS_OUTPUT: 'yes' },
    testDriver: true,
    ...(run.installed !== undefined && { extension: run.installed }),
  });
  const browser = await openBrowser();
  const output = createOutputFilter();
  try {
    await finished(run, server, browser.page, output);
    return countsOf(run);
  } catch (error) {
    if (!isInterrupted()) console.error(`The window logged:\n${output.windowLog.join('\n')}`);
    throw error;
  } finally {
    await browser.close();
    await reportSurvivors(server);
  }
}

/** @param {TestRun} run */
function countsOf({ report, version }) {
  const counts = readCounts(report);
  if (counts === undefined) throw new Error(`VS Code ${version} ended before the tests did.`);
  return counts;
}

/**
 * Opens the window and waits until the tests end, the server ends or the time is over.
 * @param {TestRun} run
 * @param {import('./server.mjs').VsCodeServer} server
 * @param {import('playwright-core').Page} page
 * @param {ReturnType<typeof createOutputFilter>} output
 */
async function finished({ version, tests, workspace, extension = repoRoot }, server, page, output) {
  // The workbench calls these two functions of the page.
  await page.exposeFunction('codeAutomationLog', output.write);
  const exited = new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  await page.goto(testAddress({ serverUrl: server.url, workspace, extension, tests }));
  const limit = timeLimit(`VS Code ${version} did not finish the tests within ${limitMs / 1000} s.`);
  const serverEnd = server.exited.then(() => {
    throw new Error(`The VS Code ${version} server ended during the tests.`);
  });
  await Promise.race([exited, limit.promise, serverEnd]).finally(limit.clear);
}

/** @param {string} message */
function timeLimit(message) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const promise = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), limitMs);
  });
  return { promise, clear: () => clearTimeout(timer) };
}

/** @param {import('./server.mjs').VsCodeServer} server */
async function reportSurvivors(server) {
  const survivors = await server.stop();
  if (survivors.length > 0) throw new Error(`Still alive after VS Code ended:\n${describe(survivors)}`);
}
