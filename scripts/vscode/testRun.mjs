// @ts-check
import { isInterrupted } from '../lib/cleanup.mjs';
import { hangLimitMs } from '../lib/limits.mjs';
import { formatProcesses } from '../lib/processes.mjs';
import { repoRoot } from '../lib/paths.mjs';
import { removeCounts, readCounts } from '../lib/counts.mjs';
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
 * @property {string} report file in which the tests write their counts
 * @property {Record<string, string>} env environment variables for the tests
 * @property {string} [extension]
 * @property {string} [installed] absolute path of another unpacked extension, which counts as installed
 */

/** Longest time without output, milliseconds. A test that hangs fails earlier. */
const maxSilenceMs = 2 * hangLimitMs;

/**
 * Runs tests in the extension host of a real VS Code and returns their counts. Prints their output.
 * @param {TestRun} run
 * @returns {Promise<Counts>}
 */
export async function runInVsCode(run) {
  removeCounts(run.report);
  const install = await ensureVsCode(run.version);
  const server = await startServer({
    install,
    env: { ...run.env, TEST_MARKS_OUTPUT: 'yes' },
    forTests: true,
    testDriver: true,
    // The tests must be able to end without waiting for the next window.
    settings: { 'devServers.onWindowClose': 'stop' },
    ...(run.installed !== undefined && { extension: run.installed }),
  });
  const browser = await openBrowser();
  const output = createOutputFilter();
  try {
    await untilFinished(run, server, browser.page, output);
    return resultCounts(run);
  } catch (error) {
    if (!isInterrupted()) console.error(`The window logged:\n${output.windowLog.join('\n')}`);
    throw error;
  } finally {
    await browser.close();
    await reportSurvivors(server);
  }
}

/** @param {TestRun} run */
function resultCounts({ report, version }) {
  const counts = readCounts(report);
  if (counts === undefined) throw new Error(`VS Code ${version} ended before the tests did.`);
  return counts;
}

/**
 * Opens the window and waits until the tests end. Throws an error if the server exits first, or prints nothing for too long.
 * @param {TestRun} run
 * @param {import('./server.mjs').VsCodeServer} server
 * @param {import('@playwright/test').Page} page
 * @param {ReturnType<typeof createOutputFilter>} output
 */
async function untilFinished({ version, tests, workspace, extension = repoRoot }, server, page, output) {
  const silence = silenceLimit(`VS Code ${version} has printed nothing for ${maxSilenceMs / 1000} s.`);
  // The workbench calls these two functions.
  await page.exposeFunction(
    'codeAutomationLog',
    (/** @type {string} */ type, /** @type {unknown[]} */ values) => {
      silence.restart();
      output.write(type, values);
    },
  );
  const exited = new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  await page.goto(testAddress({ serverUrl: server.url, workspace, extension, tests }));
  const serverExit = server.exited.then(() => {
    throw new Error(`The VS Code ${version} server ended during the tests.`);
  });
  await Promise.race([exited, silence.reached, serverExit]).finally(silence.end);
}

/** @param {string} message */
function silenceLimit(message) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const reached = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), maxSilenceMs);
  });
  return { reached, restart: () => void timer?.refresh(), end: () => clearTimeout(timer) };
}

/** @param {import('./server.mjs').VsCodeServer} server */
async function reportSurvivors(server) {
  const survivors = await server.stop();
  if (survivors.length > 0)
    throw new Error(`Still alive after VS Code exited:\n${formatProcesses(survivors)}`);
}
