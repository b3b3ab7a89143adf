// @ts-check
import Mocha from 'mocha';

/** @typedef {import('../lib/results.mjs').Counts} Counts */

/**
 * Runs bundled test files in this process.
 * @param {string[]} files
 * @param {Mocha.MochaOptions} options
 * @returns {Promise<Counts>}
 */
export async function runMocha(files, options) {
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', forbidOnly: true, ...options });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(counts));
    runner.on('pass', () => counts.passed++);
    // A hook that fails is reported here too.
    runner.on('fail', () => counts.failed++);
    runner.on('pending', () => counts.skipped++);
  });
}
