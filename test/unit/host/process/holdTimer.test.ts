import assert from 'node:assert/strict';
import { afterEach, describe, it, vi } from 'vitest';
import { HoldTimer } from '../../../../src/host/process/holdTimer.js';

/** Returns a timer that the test ticks itself. */
function held(holdMs: number, isNeeded = true) {
  let now = 0;
  let isOver = false;
  const timer = new HoldTimer({
    holdMs,
    isNeeded: () => isNeeded,
    onEnd: () => {
      isOver = true;
    },
    now: () => now,
  });
  timer.cancel();
  return {
    /** Ticks after each of these times. */
    pass: (...times: readonly number[]): boolean => {
      for (const time of times) {
        now += time;
        timer.tick();
      }
      return isOver;
    },
  };
}

const seconds = (count: number): number[] => Array.from({ length: count }, () => 1000);

describe('the time for which servers are held', () => {
  it('is over when that much has passed', () => {
    const timer = held(30_000);
    assert.equal(timer.pass(...seconds(29)), false);
    assert.equal(timer.pass(1000), true);
  });

  it('is not used up by sleep of the machine', () => {
    const timer = held(30_000);
    assert.equal(timer.pass(8 * 3_600_000, ...seconds(27)), false);
    assert.equal(timer.pass(1000), true);
  });

  it('is not used up by a clock that goes back', () => {
    const timer = held(30_000);
    assert.equal(timer.pass(...seconds(29)), false);
  });

  describe('on the clock of this process', () => {
    afterEach(() => void vi.useRealTimers());

    it('takes nothing from a wall clock that jumps', () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
      let isOver = false;
      const timer = new HoldTimer({ holdMs: 30_000, isNeeded: () => true, onEnd: () => (isOver = true) });
      for (const jump of [8, -16, 8]) {
        vi.setSystemTime(Date.now() + jump * 3_600_000);
        vi.advanceTimersByTime(9000);
      }
      assert.equal(isOver, false);
      vi.advanceTimersByTime(3000);
      assert.equal(isOver, true);
      timer.cancel();
    });
  });

  it('ends earlier when nothing is left, but not before a window can be loaded again', () => {
    const timer = held(8 * 3_600_000, false);
    assert.equal(timer.pass(30_000), false);
    assert.equal(timer.pass(30_000), true);
  });
});
