// @ts-check
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
  const counts = { passed: 0, failed: 0, skipped: 0 };
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(counts));
    runner.on('pass', () => counts.passed++);
    // Mocha reports a failed hook here too.
    runner.on('fail', () => counts.failed++);
    runner.on('pending', () => counts.skipped++);
  });
}
