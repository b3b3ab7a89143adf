// Fails a test file that leaves a process behind: every process that it starts inherits a variable, unless a test passes
// another environment.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { pidsWith, until } from '../../support/processes.js';

const name = 'DEV_SERVERS_TEST_FILE';
const id = randomUUID();
process.env[name] = id;

afterAll(async () => {
  // Only Linux lets a test read the environment of any process.
  if (process.platform !== 'linux') return;
  const left = (): number[] => pidsWith(`${name}=${id}`);
  await until('the end of all processes', () => left().length === 0).catch(() => {
    assert.deepEqual(left(), [], 'processes were left behind');
  });
});
