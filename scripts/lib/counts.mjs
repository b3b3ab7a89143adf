// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures a line for each failed test: its name, and what was wrong
 */

/**
 * Returns counts of no tests.
 * @returns {Counts}
 */
export function noCounts() {
  return { passed: 0, failed: 0, skipped: 0, failures: [] };
}

/**
 * Returns the line of a failed test.
 * @param {string} name
 * @param {string} [message] of its error; only the first line that has text is taken
 */
export function failure(name, message = '') {
  const [, reason] = /^\s*(\S.{0,400})/.exec(stripVTControlCharacters(message)) ?? [];
  return reason === undefined ? name : `${name}: ${reason}`;
}

/**
 * @param {string} file
 * @param {Counts} counts
 */
export function writeCounts(file, counts) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(counts));
}

/**
 * Reads counts from a file; `undefined` if the stage ended before it wrote them.
 * @param {string} file
 * @returns {Counts | undefined}
 */
export function readCounts(file) {
  return existsSync(file) ? /** @type {Counts} */ (JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** @param {string} file */
export function removeCounts(file) {
  rmSync(file, { force: true });
}

/**
 * Adds counts.
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function sumCounts(all) {
  const total = noCounts();
  for (const { passed, failed, skipped, failures } of all) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    total.failures.push(...failures);
  }
  return total;
}
