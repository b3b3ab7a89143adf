// The extension host calls `run` when it is started with this module as its tests.
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { format } from 'node:util';
import { writeCounts } from '../../scripts/lib/counts.mjs';
import { mochaOptions } from '../../scripts/mocha/arguments.mjs';
import { runMocha } from '../../scripts/mocha/runner.mjs';
import { testOutputMark } from '../../scripts/mocha/testOutput.mjs';

/** Runs the test files bundled beside this one, and writes the counts for the script that started VS Code. */
export async function run(): Promise<void> {
  if (process.env['TEST_MARKS_OUTPUT']) markOutput();
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(isForThisWindow);
  const options = JSON.parse(process.env['TEST_OPTIONS'] ?? '{}') as { grep?: string; bail?: boolean };
  const counts = await runMocha(files.map((name) => join(__dirname, name)).toSorted(), {
    ...mochaOptions(options),
    color: false,
  });
  const report = process.env['TEST_REPORT'];
  if (report !== undefined) writeCounts(report, counts);
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed`);
}

/**
 * The tests in `currentVersion` take long, and what they test does not depend on the version of the editor. Those of the
 * frameworks run alone, in a workspace of their own.
 */
function isForThisWindow(file: string): boolean {
  if (!file.endsWith('.test.js')) return false;
  const isOfFrameworks = basename(file) === 'frameworks.test.js';
  if (process.env['TEST_FOLDER'] === 'frameworks') return isOfFrameworks;
  const isForVersion = process.env['TEST_IS_CURRENT'] === 'yes' || dirname(file) !== 'currentVersion';
  return isForVersion && !isOfFrameworks;
}

/**
 * Marks the output of the tests, so that the script can separate it from the window's log. The methods of the extension
 * host's console are read-only, so the console itself is replaced.
 */
function markOutput(): void {
  const { log } = console;
  const print = (...values: unknown[]): void => log(testOutputMark + format(...values));
  globalThis.console = { ...console, log: print, warn: print, error: print };
}
