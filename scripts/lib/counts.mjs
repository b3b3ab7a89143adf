// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

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
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}
