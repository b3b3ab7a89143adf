import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  decideRestart,
  emptyHistory,
  restartMode,
  type EndedRun,
  type RestartHistory,
} from '../../../../src/core/restart/backoff.js';
import type { ExitStatus } from '../../../../src/core/server/state.js';
import type { RestartMode } from '../../../../src/core/server/overrides.js';

const code = (number: number): ExitStatus => ({ kind: 'code', code: number });
const killed: ExitStatus = { kind: 'signal', signal: 'SIGKILL' };

interface Run {
  readonly exit?: ExitStatus;
  readonly interrupted?: boolean;
  readonly ranMs?: number;
  readonly tick?: number;
}

const ended = ({ exit = code(1), interrupted = false, ranMs = 10, tick = 0 }: Run): EndedRun => ({
  end: { exit, interrupted },
  ranMs,
  tick,
});

function exitText(exit: ExitStatus): string {
  if (exit.kind === 'code') return `exit ${exit.code}`;
  return exit.kind === 'signal' ? exit.signal : 'unknown';
}

/** Returns the decision after each of the ends: a delay in seconds, `down`, or that it is given up. */
function follow(mode: RestartMode, runs: readonly Run[]): (number | string)[] {
  let history: RestartHistory = emptyHistory;
  return runs.map((run) => {
    const decision = decideRestart(mode, ended(run), history);
    history = decision.history;
    const { restart } = decision;
    if (!restart) return 'down';
    return restart.kind === 'planned' ? restart.delayMs / 1000 : `given up after ${restart.ends}`;
  });
}

describe('the decision about a restart', () => {
  const modes: readonly (readonly [RestartMode, Run, number | string])[] = [
    ['never', {}, 'down'],
    ['never', { exit: killed }, 'down'],
    ['on-failure', { exit: code(1) }, 1],
    ['on-failure', { exit: killed }, 1],
    ['on-failure', { exit: code(0) }, 'down'],
    ['on-failure', { exit: code(130), interrupted: true }, 'down'],
    ['on-failure', { exit: { kind: 'unknown' } }, 'down'],
    ['always', { exit: { kind: 'unknown' } }, 1],
    ['always', { exit: code(0) }, 1],
    ['always', { exit: code(1) }, 1],
    ['always', { exit: killed }, 1],
    ['always', { exit: code(0), interrupted: true }, 'down'],
  ];
  for (const [mode, run, expected] of modes) {
    const { exit = code(1), interrupted } = run;
    const how = `${exitText(exit)}${interrupted ? ' after Ctrl+C' : ''}`;
    it(`is ${expected} for ${mode} and ${how}`, () => assert.deepEqual(follow(mode, [run]), [expected]));
  }

  it('waits longer each time, up to half a minute', () => {
    const runs = Array.from({ length: 8 }, (_, index) => ({ tick: index * 40_000 }));
    assert.deepEqual(follow('on-failure', runs), [1, 2, 4, 8, 16, 30, 30, 30]);
  });

  it('starts over after a run of a minute', () => {
    const runs = [
      { tick: 0 },
      { tick: 40_000 },
      { tick: 120_000, ranMs: 59_999 },
      { tick: 300_000, ranMs: 60_000 },
    ];
    assert.deepEqual(follow('on-failure', runs), [1, 2, 4, 1]);
  });

  it('gives up at the fifth end within a minute, and clears the history', () => {
    const runs = [0, 1000, 3000, 7000, 59_999, 61_000].map((tick) => ({ tick }));
    assert.deepEqual(follow('on-failure', runs), [1, 2, 4, 8, 'given up after 5', 1]);
  });

  it('does not give up if the fifth end is a minute after the first', () => {
    const runs = [0, 1000, 3000, 7000, 60_000].map((tick) => ({ tick }));
    assert.deepEqual(follow('on-failure', runs), [1, 2, 4, 8, 16]);
  });

  it('gives up a server that always exits with 0, too', () => {
    const runs = [0, 1, 2, 3, 4].map((tick) => ({ tick, exit: code(0) }));
    assert.deepEqual(follow('always', runs), [1, 2, 4, 8, 'given up after 5']);
  });

  it('clears the history after an intended end', () => {
    assert.deepEqual(follow('on-failure', [{}, {}, { exit: code(0) }, {}]), [1, 2, 'down', 1]);
  });
});

describe('the mode of restarts', () => {
  it("is the server's own, or that of the settings, or never", () => {
    const modes = [
      restartMode('always', 'on-failure'),
      restartMode(undefined, 'on-failure'),
      restartMode('never', 'always'),
      restartMode(undefined, undefined),
      restartMode(undefined, 'sometimes'),
      restartMode(undefined, true),
    ];
    assert.deepEqual(modes, ['always', 'on-failure', 'never', 'never', 'never', 'never']);
  });
});
