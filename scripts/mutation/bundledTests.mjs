// @ts-check
import { join } from 'node:path';
import { filesBelow } from '../lib/files.mjs';

/**
 * The bundled tests of the core in the sandbox, which is the working folder. The exploration takes its time to find the
 * shortest counterexample, so it comes last.
 */
export function bundledTests() {
  const files = filesBelow(join(process.cwd(), 'out', 'test', 'unit', 'core'), '.test.js');
  return [...files.filter((file) => !isExploration(file)), ...files.filter((file) => isExploration(file))];
}

/** @param {string} file */
function isExploration(file) {
  return file.includes('interleavings');
}
