import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { stopPlan, type StopSettings } from '../../../../src/core/lifecycle/stopGrace.js';
import type { StopPlan } from '../../../../src/core/server/overrides.js';
import type { StopOverrides } from '../../../../src/core/server/overrides.js';

const nothing: StopSettings = { stopSignal: undefined, stopTimeout: undefined };
const settings: StopSettings = { stopSignal: 'SIGHUP', stopTimeout: 2 };

describe('the plan of a stop', () => {
  const cases: readonly (readonly [string, StopOverrides | undefined, StopSettings, StopPlan])[] = [
    ['is the usual one where nothing is said', undefined, nothing, { signal: 'SIGTERM', graceMs: 5000 }],
    ['follows the settings', undefined, settings, { signal: 'SIGHUP', graceMs: 2000 }],
    [
      'follows what is said for the server before the settings',
      { stopSignal: 'SIGINT', stopTimeout: 0 },
      settings,
      { signal: 'SIGINT', graceMs: 0 },
    ],
    [
      'takes from the settings what is not said for the server',
      { stopSignal: undefined, stopTimeout: 30 },
      settings,
      { signal: 'SIGHUP', graceMs: 30_000 },
    ],
    [
      'waits for nothing after SIGKILL',
      { stopSignal: 'SIGKILL', stopTimeout: 30 },
      nothing,
      { signal: 'SIGKILL', graceMs: 0 },
    ],
    [
      'takes no signal that it does not know, and no time below none',
      undefined,
      { stopSignal: 'SIGSTOP', stopTimeout: -1 },
      { signal: 'SIGTERM', graceMs: 5000 },
    ],
    [
      'takes no text for a time, and no time beyond ten minutes',
      undefined,
      { stopSignal: 15, stopTimeout: 601 },
      { signal: 'SIGTERM', graceMs: 5000 },
    ],
    [
      'allows ten minutes and no time at all',
      { stopSignal: undefined, stopTimeout: 600 },
      { stopSignal: 'SIGQUIT', stopTimeout: 0 },
      { signal: 'SIGQUIT', graceMs: 600_000 },
    ],
  ];
  it('allows the same in the settings, as a number', () => {
    const limits = [0, 600, '3'].map(
      (stopTimeout) => stopPlan(undefined, { ...nothing, stopTimeout }).graceMs,
    );
    assert.deepEqual(limits, [0, 600_000, 5000]);
  });

  for (const [name, own, given, expected] of cases) {
    it(name, () => assert.deepEqual(stopPlan(own, given), expected));
  }
});
