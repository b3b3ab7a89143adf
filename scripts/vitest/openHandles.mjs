// @ts-check
// Fails a test file that leaves something open: a server, a process, a watcher, a timer.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';

/** Time that closed resources may take to be gone, milliseconds. */
const limitMs = 30_000;

/** @type {string[]} */
let before = [];

beforeAll(() => {
  before = process.getActiveResourcesInfo();
});

// Runs after all other hooks of the file, because it is registered first.
afterAll(async () => {
  const deadline = performance.now() + limitMs;
  while (openedSince(before).length > 0) {
    const open = openedSince(before).join(', ');
    if (performance.now() > deadline) throw new Error(`The tests left something open: ${open}`);
    await delay(20, undefined, { ref: false });
  }
});

/** @param {readonly string[]} earlier */
function openedSince(earlier) {
  const left = [...earlier];
  return process.getActiveResourcesInfo().filter((name) => {
    const index = left.indexOf(name);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}
