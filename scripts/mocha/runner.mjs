// @ts-check
import { failure, noCounts } from '../lib/counts.mjs';
import { hangLimitMs } from '../lib/limits.mjs';

/** @typedef {import('../lib/counts.mjs').Counts} Counts */

/**
 * Creates a mocha. Uses `import()`, since the result of `require` for an ES module depends on the version of Node.
 * @param {Mocha.MochaOptions} options
 */
async function createMocha(options) {
  const { default: Mocha } = await import('mocha');
  return new Mocha({ ui: 'bdd', reporter: 'spec', forbidOnly: true, timeout: hangLimitMs, ...options });
}

/**
 * Runs bundled test files in this process.
 * @param {string[]} files
 * @param {Mocha.MochaOptions} options
 * @returns {Promise<Counts>}
 */
export async function runMocha(files, options) {
  process.setSourceMapsEnabled(true);
  const mocha = await createMocha(options);
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const counts = noCounts();
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(counts));
    runner.on('pass', () => counts.passed++);
    // Mocha reports failed hooks here as well.
    runner.on('fail', (test, { message }) => {
      counts.failed++;
      counts.failures.push(failure(test.fullTitle(), message));
    });
    runner.on('pending', () => counts.skipped++);
  });
}
