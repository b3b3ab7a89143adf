// @ts-check
// npm test: runs all checks and tests. Installs missing parts, continues after a failed stage, and prints the totals.
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { removeCounts, readCounts, sumCounts } from './lib/counts.mjs';
import { fromRoot, repoRoot, resultFile } from './lib/paths.mjs';
import { Stopwatch } from './lib/stopwatch.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string[]} command
 * @property {boolean} [counts] whether the stage writes counts; otherwise it counts as one test
 * @property {boolean} [afterSetUp] whether the stage needs the set-up, or the processors for itself
 */

/** Mostly waits for downloads, so it runs in parallel with the first stages. */
const setUp = { name: 'set-up', command: [fromRoot('scripts', 'set-up.mjs')] };

const vitest = [fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run'];

/** @type {Stage[]} */
const stages = [
  { name: 'check', command: [fromRoot('scripts', 'check.mjs')], counts: true },
  { name: 'build', command: [fromRoot('esbuild.js'), '--production'] },
  { name: 'unit', command: [...vitest, '--project', 'unit'], counts: true },
  { name: 'guards', command: [fromRoot('scripts', 'test-guards.mjs')], counts: true },
  {
    name: 'host',
    command: [...vitest, '--project', 'host', '--project', 'package'],
    counts: true,
    afterSetUp: true,
  },
  // The next two stages test the build from above.
  {
    name: 'vscode',
    command: [fromRoot('scripts', 'test-vscode.mjs'), '--no-build'],
    counts: true,
    afterSetUp: true,
  },
  {
    name: 'e2e',
    command: [fromRoot('scripts', 'test-e2e.mjs'), '--no-build'],
    counts: true,
    afterSetUp: true,
  },
];

await runScript(async () => {
  readArguments({}, 'Usage: npm test');
  const ready = runSetUp();
  const results = [];
  for (const stage of stages) {
    if (stage.afterSetUp) await ready;
    results.push(await runStage(stage));
  }
  results.push(await ready);
  const total = sumCounts(results);
  console.log(
    `\n${'stage'.padEnd(10)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'skipped'.padStart(8)}    time`,
  );
  for (const result of results) console.log(row(result));
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});

async function runSetUp() {
  const watch = new Stopwatch();
  const code = await runVisible([process.execPath, ...setUp.command], { cwd: repoRoot });
  return { name: setUp.name, time: watch.text, ...countStage(code === 0) };
}

/** @param {Stage} stage */
async function runStage({ name, command, counts = false }) {
  console.log(`\n──── ${name} ${'─'.repeat(60 - name.length)}`);
  const watch = new Stopwatch();
  const report = resultFile(name);
  removeCounts(report);
  const code = await runVisible([process.execPath, ...command], { cwd: repoRoot });
  console.log(`──── ${name}: ${watch.text}`);
  const result = counts ? checkCounts(code, readCounts(report)) : countStage(code === 0);
  return { name, time: watch.text, ...result };
}

/**
 * Counts a stage as failed if it fails without a failed test, or ends before it writes its counts.
 * @param {number} code
 * @param {import('./lib/counts.mjs').Counts | undefined} counts
 */
function checkCounts(code, counts) {
  if (counts === undefined) return countStage(false);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {boolean} isPassed */
function countStage(isPassed) {
  return { passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1, skipped: 0 };
}

/** @param {import('./lib/counts.mjs').Counts & { name: string, time: string }} result */
function row({ name, passed, failed, skipped, time }) {
  const numbers = [passed, failed, skipped].map((count) => String(count).padStart(8));
  return `${name.padEnd(10)}${numbers.join('')}${time.padStart(8)}`;
}
