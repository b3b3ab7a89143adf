// @ts-check
// Takes away, one at a time, what the code does against races, and requires that tests then fail.
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { writeCounts } from './lib/counts.mjs';
import { resultFile } from './lib/paths.mjs';
import { Stopwatch } from './lib/stopwatch.mjs';
import { passingTests } from './guards/editedTests.mjs';
import { guards } from './guards/guards.mjs';

/** @typedef {import('./guards/guards.mjs').Guard} Guard */

await runScript(async () => {
  readArguments({}, 'Usage: node scripts/test-guards.mjs');
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const test of [testWithAll, ...guards.map((guard) => () => testWithout(guard))]) {
    if (await test()) counts.passed++;
    else counts.failed++;
  }
  writeCounts(resultFile('guards'), counts);
  return counts.failed > 0 ? 1 : 0;
});

/** With every guard in its place the same tests must pass, or their failure would prove nothing. */
async function testWithAll() {
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const { tests } of guards)
    for (const [file, titles] of Object.entries(tests)) all[file] = [...(all[file] ?? []), ...titles];
  const watch = new Stopwatch();
  const passing = await passingTests(all, []);
  const failed = [...new Set(Object.values(all).flat())].filter((title) => !passing.has(title));
  return tell('every guard in its place', watch, failed, 'does not pass');
}

/** @param {Guard} guard */
async function testWithout({ name, edits, tests }) {
  const watch = new Stopwatch();
  const passing = await passingTests(tests, edits);
  const unnoticed = Object.values(tests)
    .flat()
    .filter((title) => passing.has(title));
  return tell(`without ${name}`, watch, unnoticed, 'passes all the same');
}

/**
 * @param {string} what
 * @param {Stopwatch} watch
 * @param {string[]} wrong titles of tests
 * @param {string} how
 */
function tell(what, watch, wrong, how) {
  console.log(`${wrong.length === 0 ? '✔' : '✘'} ${what} (${watch.text})`);
  for (const title of wrong) console.log(`    ${how}: ${title}`);
  return wrong.length === 0;
}
