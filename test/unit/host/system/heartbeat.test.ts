import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { Heartbeat } from '../../../../src/host/system/heartbeat.js';

const intervalMs = 3_600_000;

describe('the heartbeat of another process', () => {
  const watched = () => {
    const clock = { now: 0 };
    const silences: number[] = [];
    let pings = 0;
    const heartbeat = new Heartbeat({
      intervalMs,
      ping: () => (pings += 1),
      onSilence: (intervals) => silences.push(intervals),
      now: () => clock.now,
    });
    heartbeat.start();
    /** Lets intervals pass, each with an answer or without one. */
    const pass = (pattern: string, elapsedMs = intervalMs): void => {
      for (const each of pattern) {
        clock.now += elapsedMs;
        if (each === 'a') heartbeat.heard();
        heartbeat.tick();
      }
    };
    return { heartbeat, pass, silences, pings: () => pings };
  };

  it('is silent for each interval without a sign of life', () => {
    const { heartbeat, pass, silences, pings } = watched();
    pass('aa...a..');
    heartbeat.stop();
    assert.deepEqual(silences, [1, 2, 3, 1, 2]);
    // One at the start and one after each answer; none while one is not answered.
    assert.equal(pings(), 4);
  });

  it('says nothing about the time in which this process was busy or the machine slept', () => {
    const { heartbeat, pass, silences } = watched();
    pass('.');
    pass('.', 100 * intervalMs);
    pass('..');
    heartbeat.stop();
    assert.deepEqual(silences, [1, 1, 2]);
  });

  it('does not count the silence before it was stopped', () => {
    const { heartbeat, pass, silences } = watched();
    pass('..');
    heartbeat.stop();
    heartbeat.start();
    pass('.');
    heartbeat.stop();
    assert.deepEqual(silences, [1, 2, 1]);
  });
});
