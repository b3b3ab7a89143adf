import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Origin } from '../../../../src/core/server/origin.js';
import {
  type LiveRun,
  type RunEnd,
  type ServerEvent,
  type ServerState,
} from '../../../../src/core/server/state.js';
import { nextState } from '../../../../src/core/server/transitions.js';
import { endpoint } from '../support/fakes.js';
import {
  endpointOf,
  isActive,
  isIdle,
  isStoppable,
  pageErrorsOf,
  startedBy as startedByOf,
} from '../../../../src/core/server/stateQueries.js';

const run: LiveRun = {
  id: 'r1',
  process: { pid: 42, startTime: '7', bootId: 'b' },
  startedAt: 1,
  startedTick: 2,
};
const end = (more: Partial<RunEnd> = {}): RunEnd => ({
  exit: { kind: 'code', code: 1 },
  interrupted: false,
  tail: ['boom'],
  at: 3,
  ...more,
});
const states: Record<ServerState['kind'], ServerState> = {
  stopped: { kind: 'stopped', lastEnd: undefined },
  queued: { kind: 'queued', runId: 'r1', waitsFor: ['shop:api'] },
  reserved: { kind: 'reserved', runId: 'r1' },
  starting: { kind: 'starting', run },
  ready: { kind: 'ready', run, endpoint: endpoint('http://localhost:1/') },
  unhealthy: {
    kind: 'unhealthy',
    run,
    endpoint: endpoint('http://localhost:1/'),
    problem: { kind: 'silent', attempts: [] },
  },
  external: { kind: 'external', run, url: undefined },
  stopping: { kind: 'stopping', run, grace: { sinceTick: 10, graceMs: 5000 } },
  stopFailed: { kind: 'stopFailed', run, survivors: [{ pid: 43, command: 'x' }] },
  crashed: { kind: 'crashed', crash: { kind: 'exit', ...end() } },
};
const events = {
  reserve: { kind: 'reserve', runId: 'r1' },
  queue: { kind: 'queue', runId: 'r1', waitsFor: ['shop:db'] },
  leaveQueue: { kind: 'leaveQueue', runId: 'r1' },
  cancelRestart: { kind: 'cancelRestart' },
  dismiss: { kind: 'dismiss' },
  spawned: { kind: 'spawned', run },
  adopted: { kind: 'adopted', run, url: 'http://localhost:3/' },
  failed: { kind: 'failed', runId: 'r1', reason: 'spawnFailed', message: 'no', at: 3 },
  startCancelled: { kind: 'startCancelled', runId: 'r1' },
  ready: { kind: 'ready', runId: 'r1', endpoint: endpoint('http://localhost:2/') },
  unhealthy: {
    kind: 'unhealthy',
    runId: 'r1',
    problem: { kind: 'timeout', seconds: 60, attempts: [] },
    endpoint: undefined,
  },
  pageErrors: { kind: 'pageErrors', runId: 'r1', count: 2 },
  stop: { kind: 'stop', runId: 'r1' },
  stopGrace: { kind: 'stopGrace', runId: 'r1', untilTick: 30_000 },
  ended: { kind: 'ended', runId: 'r1', end: end(), survivors: [] },
  verifiedDead: { kind: 'verifiedDead', runId: 'r1' },
  survived: { kind: 'survived', runId: 'r1', survivors: [{ pid: 44, command: 'y' }] },
} satisfies Record<ServerEvent['kind'], ServerEvent>;

describe('the transition function', () => {
  it('defines the next state for every state and event', () => {
    const table = Object.entries(states).map(([name, state]) => [
      name,
      Object.values(events)
        .map((event) => {
          const following = nextState(state, event);
          return following && `${event.kind}→${following.kind}`;
        })
        .filter((cell) => cell !== undefined)
        .join(' '),
    ]);
    assert.deepEqual(table, [
      ['stopped', 'reserve→reserved queue→queued dismiss→stopped adopted→external'],
      ['queued', 'reserve→reserved queue→queued leaveQueue→stopped'],
      ['reserved', 'spawned→starting failed→crashed startCancelled→stopped'],
      [
        'starting',
        'failed→crashed ready→ready unhealthy→unhealthy pageErrors→starting stop→stopping ended→crashed',
      ],
      [
        'ready',
        'failed→crashed ready→ready unhealthy→unhealthy pageErrors→ready stop→stopping ended→crashed',
      ],
      [
        'unhealthy',
        'failed→crashed ready→ready unhealthy→unhealthy pageErrors→unhealthy stop→stopping ended→crashed',
      ],
      ['external', 'failed→crashed stop→stopping ended→stopped'],
      [
        'stopping',
        'failed→crashed stopGrace→stopping ended→stopping verifiedDead→stopped survived→stopFailed',
      ],
      ['stopFailed', 'failed→crashed stop→stopping ended→stopped'],
      ['crashed', 'reserve→reserved queue→queued dismiss→stopped adopted→external'],
    ]);
  });

  it("keeps the origin of a run until after its end, and ignores the event's origin", () => {
    const startedBy: Origin = { kind: 'agent', name: 'Copilot', caller: 'Copilot' };
    const chain = ['reserve', 'spawned', 'ready', 'ended'] as const;
    let state: ServerState = states.stopped;
    const kept = chain.map((kind) => {
      const event = kind === 'reserve' ? { ...events.reserve, startedBy } : events[kind];
      state = nextState(state, event) ?? states.stopped;
      return [state.kind, startedByOf(state)];
    });
    assert.deepEqual(
      kept,
      ['reserved', 'starting', 'ready', 'crashed'].map((kind) => [kind, startedBy]),
    );
    assert.equal(startedByOf(states.ready), undefined);
  });

  it('counts the errors of pages until the run ends', () => {
    const failing = nextState(states.ready, events.pageErrors) ?? states.stopped;
    const moved = nextState(failing, events.unhealthy) ?? states.stopped;
    const ended = nextState(moved, events.ended) ?? states.ready;
    assert.deepEqual([states.ready, failing, moved, ended].map(pageErrorsOf), [0, 2, 2, 0]);
  });

  it('takes the time that a stop really gives, from the beginning of the stop', () => {
    const grace = { sinceTick: 10, graceMs: 29_990 };
    assert.deepEqual(nextState(states.stopping, events.stopGrace), { kind: 'stopping', run, grace });
    assert.equal(nextState({ kind: 'stopping', run }, events.stopGrace), undefined);
  });

  it('refuses every event of another run', () => {
    const ofNoRun = new Set<ServerEvent['kind']>(['reserve', 'queue', 'adopted', 'cancelRestart']);
    for (const state of Object.values(states)) {
      for (const event of Object.values(events)) {
        if (ofNoRun.has(event.kind) || !('runId' in event || event.kind === 'spawned')) continue;
        const foreign: ServerEvent =
          event.kind === 'spawned' ? { ...event, run: { ...run, id: 'r2' } } : { ...event, runId: 'r2' };
        assert.equal(nextState(state, foreign), undefined, `${event.kind} while ${state.kind}`);
      }
    }
  });

  it('keeps the queue entry for the run that created it', () => {
    const foreign = [
      { ...events.reserve, runId: 'r2' },
      { ...events.queue, runId: 'r2' },
    ].map((event) => nextState(states.queued, event));
    assert.deepEqual(
      [...foreign, nextState(states.queued, events.queue), nextState(states.queued, events.reserve)],
      [
        undefined,
        undefined,
        { kind: 'queued', runId: 'r1', waitsFor: ['shop:db'] },
        { kind: 'reserved', runId: 'r1' },
      ],
    );
  });

  it('records why a server left the queue without a stop', () => {
    const failure = { reason: 'dependencyFailed', message: 'api crashed (exit 1)', at: 3 } as const;
    assert.deepEqual(nextState(states.queued, { ...events.leaveQueue, failure }), {
      kind: 'crashed',
      crash: { kind: 'failure', ...failure },
    });
  });

  it('distinguishes runs, queued starts and idle servers', () => {
    assert.deepEqual(
      Object.values(states).map((state) =>
        [state.kind, isIdle(state), isActive(state), isStoppable(state)].join(' '),
      ),
      [
        'stopped true false false',
        'queued false false true',
        'reserved false true true',
        'starting false true true',
        'ready false true true',
        'unhealthy false true true',
        'external false true true',
        'stopping false true true',
        'stopFailed false true true',
        'crashed true false false',
      ],
    );
  });

  it('removes a planned restart, and nothing else of the end', () => {
    const restart = { kind: 'planned', delayMs: 1000 } as const;
    const waiting: readonly ServerState[] = [
      { kind: 'crashed', crash: { kind: 'exit', ...end({ restart }) } },
      { kind: 'stopped', lastEnd: end({ restart }) },
    ];
    const left = waiting.map((state) => [isStoppable(state), nextState(state, events.cancelRestart)]);
    assert.deepEqual(left, [
      [true, states.crashed],
      [true, { kind: 'stopped', lastEnd: end() }],
    ]);
    assert.equal(isStoppable(states.crashed), false);
  });

  it('uses the address of the last report', () => {
    assert.deepEqual(nextState(states.ready, events.ready), {
      kind: 'ready',
      run,
      endpoint: endpoint('http://localhost:2/'),
    });
  });

  it('keeps the last endpoint of a server that stopped answering, and none if it never answered', () => {
    const { problem } = events.unhealthy;
    assert.deepEqual(
      [states.ready, states.unhealthy, states.starting].map((state) => nextState(state, events.unhealthy)),
      [
        { kind: 'unhealthy', run, endpoint: endpoint('http://localhost:1/'), problem },
        { kind: 'unhealthy', run, endpoint: endpoint('http://localhost:1/'), problem },
        { kind: 'unhealthy', run, endpoint: undefined, problem },
      ],
    );
  });

  it('records where a server answers with an error', () => {
    const error = { ...events.unhealthy, endpoint: endpoint('http://localhost:3/') };
    assert.deepEqual(
      endpointOf(nextState(states.ready, error) ?? states.stopped),
      endpoint('http://localhost:3/'),
    );
  });

  it('keeps the last end of a server that exited cleanly or was interrupted', () => {
    const well = end({ exit: { kind: 'code', code: 0 } });
    const interrupted = end({ interrupted: true, exit: { kind: 'signal', signal: 'SIGINT' } });
    assert.deepEqual(
      [well, interrupted].map((runEnd) => nextState(states.ready, { ...events.ended, end: runEnd })),
      [
        { kind: 'stopped', lastEnd: well },
        { kind: 'stopped', lastEnd: interrupted },
      ],
    );
  });

  it('counts an exit code or a foreign signal as a crash', () => {
    const killed = end({ exit: { kind: 'signal', signal: 'SIGKILL' } });
    assert.deepEqual(nextState(states.ready, { ...events.ended, end: killed }), {
      kind: 'crashed',
      crash: { kind: 'exit', ...killed },
    });
  });

  it('keeps the reason of a failed start', () => {
    assert.deepEqual(nextState(states.reserved, events.failed), {
      kind: 'crashed',
      crash: { kind: 'failure', reason: 'spawnFailed', message: 'no', at: 3 },
    });
  });

  it('records the processes that survived a stop', () => {
    assert.deepEqual(nextState(states.stopping, events.survived), {
      kind: 'stopFailed',
      run,
      survivors: [{ pid: 44, command: 'y' }],
    });
  });
});
