// @ts-check
// npm test: runs all checks and tests. Installs missing parts, continues after a failed stage, and prints the totals.
import { readFileSync } from 'node:fs';
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runToFile } from './lib/command.mjs';
import { removeCounts, readCounts, sumCounts } from './lib/counts.mjs';
import { fromRoot, repoRoot, resultFile } from './lib/paths.mjs';
import { Stopwatch } from './lib/stopwatch.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string[]} command
 * @property {boolean} [counts] whether the stage writes counts; otherwise it counts as one test
 */

/** Installs what the tests need. It mostly waits for downloads, so it runs in parallel with the first stages. */
const setUp = { name: 'set-up', command: [script('set-up.mjs')] };

/** The package contains the production build, which the later stages test. */
const vsix = fromRoot('out', 'package', 'extension.vsix');

const vitest = [fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run'];

/** @type {Stage[]} */
const firstStages = [
  { name: 'check', command: [script('check.mjs')], counts: true },
  { name: 'package', command: [script('package.mjs'), '--out', vsix] },
];

/**
 * Stages that run in parallel, since all of them wait for other processes much of the time.
 * @type {Stage[][]}
 */
const lanes = [
  [
    { name: 'e2e', command: [script('test-e2e.mjs')], counts: true },
    { name: 'unit', command: [...vitest, '--project', 'unit'], counts: true },
  ],
  [{ name: 'vscode', command: [script('test-vscode.mjs'), '--no-build'], counts: true }],
  [
    { name: 'guards', command: [script('test-guards.mjs')], counts: true },
    { name: 'host', command: [...vitest, '--project', 'host', '--project', 'package'], counts: true },
  ],
];

await runScript(async () => {
  readArguments({}, 'Usage: npm test');
  const watch = new Stopwatch();
  const first = await Promise.all([runStages([setUp]), runStages(firstStages)]);
  const stages = [...first, ...(await Promise.all(lanes.map(runStages)))].flat();
  const total = sumCounts(stages);
  console.log(
    `\n${'stage'.padEnd(10)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'skipped'.padStart(8)}    time`,
  );
  for (const result of [...stages, { name: 'all', time: watch.text, ...total }]) console.log(row(result));
  // Printed last, since often only the end of a long log is kept.
  for (const { name, failures } of stages) for (const line of failures) console.log(`✘ ${name}: ${line}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});

/** @param {string} name */
function script(name) {
  return fromRoot('scripts', name);
}

/** @param {Stage[]} stages */
async function runStages(stages) {
  const results = [];
  for (const stage of stages) results.push(await runStage(stage));
  return results;
}

/**
 * Runs a stage and then prints its output, so that the outputs of parallel stages are not mixed.
 * @param {Stage} stage
 */
async function runStage({ name, command, counts = false }) {
  const watch = new Stopwatch();
  const report = resultFile(name);
  removeCounts(report);
  console.log(`──── ${name} started`);
  const log = fromRoot('out', 'results', `${name}.log`);
  const code = await runToFile([process.execPath, ...command], {
    cwd: repoRoot,
    env: { ...process.env, DEV_SERVERS_VSIX: vsix },
    log,
  });
  console.log(`\n──── ${name} ${'─'.repeat(60 - name.length)}`);
  process.stdout.write(readFileSync(log));
  console.log(`──── ${name}: ${watch.text}`);
  const result = counts ? checkCounts(code, readCounts(report)) : countStage(code);
  return { name, time: watch.text, ...result };
}
/**
 * Counts a stage as failed if it fails without a failed test, or ends before it writes its counts.
 * @param {number} code
 * @param {import('./lib/counts.mjs').Counts | undefined} counts
 */
function checkCounts(code, counts) {
  if (counts === undefined) return countStage(code, 'ended before it wrote its counts');
  if (code === 0 || counts.failed > 0) return counts;
  const failures = counts.failures.length > 0 ? counts.failures : [`ended with ${code}`];
  return { ...counts, failed: 1, failures };
}

/**
 * Counts a stage as one test.
 * @param {number} code
 * @param {string} [failure]
 * @returns {import('./lib/counts.mjs').Counts}
 */
function countStage(code, failure = code === 0 ? undefined : `ended with ${code}`) {
  const failures = failure === undefined ? [] : [failure];
  return { passed: 1 - failures.length, failed: failures.length, skipped: 0, failures };
}

/** @param {import('./lib/counts.mjs').Counts & { name: string, time: string }} result */
function row({ name, passed, failed, skipped, time }) {
  const numbers = [passed, failed, skipped].map((count) => String(count).padStart(8));
  return `${name.padEnd(10)}${numbers.join('')}${time.padStart(8)}`;
}
