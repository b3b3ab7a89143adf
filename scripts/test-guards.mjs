// @ts-check
// Removes the protections of the code one at a time, and requires that named tests fail without each.
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { writeCounts } from './lib/counts.mjs';
import { resultFile } from './lib/paths.mjs';
import { Stopwatch } from './lib/stopwatch.mjs';
import { compileTests, passingTests } from './guards/editedTests.mjs';
import { guards } from './guards/guards.mjs';

/** @typedef {import('./guards/guards.mjs').Guard} Guard */

/** Time limit of a test with every guard in place, milliseconds. */
const testLimitMs = 10_000;

/** Without its guard a test may take this many times longer than with it, and `minLimitMs` in any case. */
const limitFactor = 5;
const minLimitMs = 1000;

await runScript(async () => {
  readArguments({}, 'Usage: node scripts/test-guards.mjs');
  await compileTests(guards.flatMap(({ tests }) => Object.keys(tests)));
  const { isPassed, durations } = await testWithAll();
  const results = [isPassed];
  for (const guard of guards) results.push(await testWithout(guard, durations));
  const passed = results.filter(Boolean).length;
  const failed = results.length - passed;
  writeCounts(resultFile('guards'), { passed, failed, skipped: 0 });
  return failed > 0 ? 1 : 0;
});

/** Requires that the same tests pass with every guard in place; otherwise their failure would prove nothing. */
async function testWithAll() {
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const { tests } of guards)
    for (const [file, titles] of Object.entries(tests)) all[file] = [...(all[file] ?? []), ...titles];
  const watch = new Stopwatch();
  const durations = await passingTests(all, [], testLimitMs);
  const failed = [...new Set(Object.values(all).flat())].filter((title) => !durations.has(title));
  return { isPassed: report('every guard in place', watch, failed, 'fails'), durations };
}

/**
 * @param {Guard} guard
 * @param {ReadonlyMap<string, number>} durations of the tests with every guard in place, milliseconds
 */
async function testWithout({ name, edits, tests }, durations) {
  const watch = new Stopwatch();
  const titles = Object.values(tests).flat();
  const longestMs = Math.max(...titles.map((title) => durations.get(title) ?? 0));
  const passing = await passingTests(tests, edits, Math.max(minLimitMs, longestMs * limitFactor));
  const unnoticed = titles.filter((title) => passing.has(title));
  return report(`without ${name}`, watch, unnoticed, 'still passes');
}

/**
 * @param {string} condition
 * @param {Stopwatch} watch
 * @param {string[]} wrong titles of tests
 * @param {string} problem
 */
function report(condition, watch, wrong, problem) {
  console.log(`${wrong.length === 0 ? '✔' : '✘'} ${condition} (${watch.text})`);
  for (const title of wrong) console.log(`    ${problem}: ${title}`);
  return wrong.length === 0;
}
