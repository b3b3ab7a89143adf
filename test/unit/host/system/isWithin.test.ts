import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { isWithin } from '../../../../src/host/system/isWithin.js';

const maxMs = 100;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Keeps this process from everything else, as a machine without processor time does. */
function holdUp(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('a time limit', () => {
  it('is met by a promise that settles in time, and by no other', async () => {
    assert.equal(await isWithin(Promise.resolve(), maxMs), true);
    assert.equal(await isWithin(new Promise(() => undefined), maxMs), false);
  });

  it('counts events that arrived in time, even if the timer fires late', async () => {
    // After this the event loop runs timers first.
    await nextTurn();
    const answer = isWithin(nextTurn(), maxMs);
    holdUp(maxMs + 10);
    assert.equal(await answer, true);
  });

  it('starts again when the process was suspended', async () => {
    const steps = nextTurn().then(nextTurn).then(nextTurn).then(nextTurn);
    const answer = isWithin(steps, maxMs);
    holdUp(4 * maxMs);
    assert.equal(await answer, true);
  });
});
