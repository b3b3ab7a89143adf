// Fails a file of tests that leaves a process behind: every process that it starts inherits a variable, unless a test
// passes another environment.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { pidsWith } from '../../support/processes.js';

const name = 'DEV_SERVERS_TEST_FILE';
const id = randomUUID();
process.env[name] = id;

/** Time that processes may take to end, milliseconds. */
const limitMs = 30_000;

afterAll(async () => {
  // Only Linux lets a test read the environment of any process.
  if (process.platform !== 'linux') return;
  const left = (): number[] => pidsWith(`${name}=${id}`);
  for (const deadline = performance.now() + limitMs; left().length > 0;) {
    if (performance.now() > deadline)
      assert.deepEqual(left().map(commandOf), [], 'processes were left behind');
    await delay(50);
  }
});

function commandOf(pid: number): string {
  return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`;
}
