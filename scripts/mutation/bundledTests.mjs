// @ts-check
import { join } from 'node:path';
import { filesBelow } from '../lib/files.mjs';

/**
 * Returns the bundled tests of the core in the sandbox, which is the working directory. The exploration of interleavings
 * comes last, because it is slow to find the shortest counterexample.
 */
export function bundledTests() {
  const files = filesBelow(join(process.cwd(), 'out', 'test', 'unit', 'core'), '.test.js');
  return [...files.filter((file) => !isExploration(file)), ...files.filter((file) => isExploration(file))];
}

/** @param {string} file */
function isExploration(file) {
  return file.includes('interleavings');
}
