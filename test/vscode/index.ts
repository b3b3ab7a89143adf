// The extension host calls `run` when it is started with this module as its tests.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
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

/** Tests of code that does not depend on the version of the editor, and that take long. */
const inCurrentVersionAlone: ReadonlySet<string> = new Set([
  'flood.test.js',
  'groups.test.js',
  'manyCallers.test.js',
  'openWhenReady.test.js',
  'portConflicts.test.js',
]);

/** Tests of another workspace are named for it; all others run in the example workspace. */
function isForThisWindow(file: string): boolean {
  const ofFrameworks = file === 'frameworks.test.js';
  const isForVersion = process.env['TEST_IS_CURRENT'] === 'yes' || !inCurrentVersionAlone.has(file);
  return (
    file.endsWith('.test.js') &&
    isForVersion &&
    ofFrameworks === (process.env['TEST_FOLDER'] === 'frameworks')
  );
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
