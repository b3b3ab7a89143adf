// @ts-check
// Removes the protections of the code one at a time, and requires that named tests fail without each.
import { randomUUID } from 'node:crypto';
import { readArguments } from './lib/arguments.mjs';
import { onExit, runScript, UsageError } from './lib/cleanup.mjs';
import { noCounts, writeCounts } from './lib/counts.mjs';
import { hangLimitMs } from './lib/limits.mjs';
import { resultFile } from './lib/paths.mjs';
import { endRun, runMarker } from './lib/processes.mjs';
import { editedSources, runVariants } from './guards/editedTests.mjs';
import { guards as allGuards } from './guards/guards.mjs';

/** A test without its guard may take this many times longer than with it, and `minLimitMs` in any case. */
const limitFactor = 5;
const minLimitMs = 2000;

/** Marker that all processes of the tests inherit. */
const marker = randomUUID();
process.env[runMarker] = marker;
// A test that fails, as it should here, may not reach its own clean-up.
const endLeftProcesses = onExit(() => endRun(undefined, marker, 0));

const help = `Usage: node scripts/test-guards.mjs [NAME…]

NAME  a part of the name of the guards to remove; all by default`;

const counts = noCounts();

await runScript(async () => {
  const { positionals } = readArguments({}, help, true);
  const guards = allGuards.filter(
    ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
  );
  if (guards.length === 0) throw new UsageError(`No guard has such a name.\n\n${help}`);
  // Checks all edits before the slow tests start.
  for (const { edits } of guards) editedSources(edits);
  const durations = await testWithAll(guards);
  const variants = guards.map(({ name, edits, tests }) => ({
    name,
    edits,
    tests,
    limitMs: limitOf(tests, durations),
  }));
  await runVariants(variants, ({ name, tests }, results) => {
    report(
      `without ${name}`,
      tests,
      'does not fail',
      (title) => results.get(title)?.result().state === 'failed',
    );
  });
  await endLeftProcesses();
  writeCounts(resultFile('guards'), counts);
  return counts.failed > 0 ? 1 : 0;
});

/**
 * Requires that the same tests pass with every guard in place; otherwise their failure would prove nothing. Returns their
 * durations in milliseconds by full title.
 * @param {readonly import('./guards/guards.mjs').Guard[]} guards
 */
async function testWithAll(guards) {
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const { tests } of guards)
    for (const [file, titles] of Object.entries(tests))
      all[file] = [...new Set([...(all[file] ?? []), ...titles])];
  /** @type {Map<string, number>} */
  const durations = new Map();
  const variant = { name: 'every guard in place', edits: [], tests: all, limitMs: hangLimitMs };
  await runVariants([variant], ({ name, tests }, results) => {
    for (const [title, test] of results) durations.set(title, test.diagnostic()?.duration ?? 0);
    report(name, tests, 'does not pass', (title) => results.get(title)?.result().state === 'passed');
    for (const test of results.values())
      for (const { message } of test.result().errors ?? []) console.log(`    ${test.fullName}: ${message}`);
  });
  return durations;
}

/**
 * @param {import('./guards/guards.mjs').Guard['tests']} tests
 * @param {ReadonlyMap<string, number>} durations of the tests with every guard in place, milliseconds
 */
function limitOf(tests, durations) {
  const longestMs = Math.max(
    ...Object.values(tests)
      .flat()
      .map((title) => durations.get(title) ?? 0),
  );
  return Math.max(minLimitMs, longestMs * limitFactor);
}

/**
 * @param {string} condition
 * @param {Readonly<Record<string, readonly string[]>>} tests
 * @param {string} problem
 * @param {(title: string) => boolean} isExpected
 */
function report(condition, tests, problem, isExpected) {
  const wrong = Object.values(tests)
    .flat()
    .filter((title) => !isExpected(title));
  if (wrong.length === 0) counts.passed += 1;
  else {
    counts.failed += 1;
    counts.failures.push(`${condition}: ${problem}: ${wrong.join(', ')}`);
  }
  console.log(`${wrong.length === 0 ? '✔' : '✘'} ${condition}`);
  for (const title of wrong) console.log(`    ${problem}: ${title}`);
}
