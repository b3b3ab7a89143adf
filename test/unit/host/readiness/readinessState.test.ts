import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Endpoint, ProbeOutcome, ReadinessAttempt } from '../../../../src/core/readiness/endpoint.js';
import {
  initialReadiness,
  isProbeDue,
  nextReadiness,
  responseLimitMs,
} from '../../../../src/host/readiness/readinessState.js';
import type {
  ReadinessInput,
  ReadinessState,
  ReadinessTransition,
} from '../../../../src/host/readiness/readinessTypes.js';
import type { PortEvidence } from '../../../../src/host/readiness/portEvidence.js';
import type { Listener } from '../../../../src/host/system/listeners.js';

const rule = { timeoutMs: 60_000 };
const endpoint = (port: number): Endpoint => ({
  url: `http://localhost:${port}/`,
  listener: 'own',
  pid: 7,
  contested: false,
});
const foreign: Listener = { port: 3000, address: '::1', id: 'socket', waiting: 0, pids: undefined };

const attempts = (outcome: ProbeOutcome): ReadinessAttempt[] => [
  { target: 'http://localhost:3000/', outcome },
];
const refused = attempts({ kind: 'refused' });
const noAnswer = attempts({ kind: 'noAnswer' });

const announced: ReadinessInput = { kind: 'news', at: 0, pauseMs: 0 };
const unchanged: ReadinessInput = { kind: 'unchanged' };
const ended: ReadinessInput = { kind: 'ended' };
const timeout: ReadinessInput = { kind: 'timeout', attempts: refused };

function healthy(at = 0, port = 3000, seesWaiting = false): ReadinessInput {
  return { kind: 'scanned', result: { kind: 'healthy', endpoint: endpoint(port), seesWaiting }, at };
}

function unhealthy(
  more: {
    attempts?: ReadinessAttempt[];
    endpoint?: Endpoint;
    evidence?: PortEvidence;
    settlesInMs?: number;
    at?: number;
  } = {},
): ReadinessInput {
  const result = { kind: 'unhealthy', endpoint: undefined, attempts: refused, evidence: undefined };
  const { at = 0, ...rest } = more;
  return { kind: 'scanned', result: { ...result, ...rest } as never, at };
}

const evidence: PortEvidence = { port: 3000, listener: foreign, isCertain: false };
const conflicting = unhealthy({ evidence });

/** Runs the events and returns the last state with all reports. */
function run(...events: ReadinessInput[]): {
  readonly state: ReadinessState;
  readonly reports: readonly ReadinessTransition['report'][];
} {
  let state = initialReadiness(true, 0);
  const reports = [];
  for (const event of events) {
    const next = nextReadiness(state, event, rule);
    state = next.state;
    if (next.report) reports.push(next.report);
  }
  return { state, reports };
}

/** Returns the pauses after each of the events. */
const pauses = (...events: ReadinessInput[]): (number | undefined)[] =>
  events.map((_, index) => pauseMs(run(...events.slice(0, index + 1)).state));

const pauseMs = (state: ReadinessState): number | undefined =>
  state.kind === 'ended' ? undefined : state.pauseMs;

const times = (count: number, event: ReadinessInput): ReadinessInput[] =>
  Array.from({ length: count }, () => event);

describe('the readiness of a run', () => {
  it('starts as waiting, with a longer pause when no port is known', () => {
    assert.deepEqual(
      [initialReadiness(true, 0), initialReadiness(false, 0)],
      [25, 500].map((first) => ({
        kind: 'waiting',
        pauseMs: first,
        conflict: 'none',
        startedAt: 0,
        answering: undefined,
      })),
    );
  });

  it('is scanned with doubling pauses of up to two seconds while it waits', () => {
    assert.deepEqual(pauses(...times(8, unhealthy())), [50, 100, 200, 400, 800, 1600, 2000, 2000]);
  });

  it('is scanned when the next socket may count as its own', () => {
    assert.deepEqual(
      pauses(...times(7, unhealthy()), unhealthy({ settlesInMs: 120 })).slice(-2),
      [2000, 120],
    );
  });

  it('is ready with the first healthy scan, which is reported once', () => {
    const { state, reports } = run(unhealthy(), healthy(1000), healthy(7000));
    assert.deepEqual(state, {
      kind: 'ready',
      endpoint: endpoint(3000),
      pauseMs: 500,
      conflict: 'none',
      probePauseMs: 10_000,
      probeAt: 17_000,
    });
    assert.deepEqual(reports, [{ kind: 'ready', endpoint: endpoint(3000) }]);
  });

  it('is reported again when the server has moved', () => {
    const { reports } = run(healthy(), healthy(1, 4000));
    assert.deepEqual(reports, [
      { kind: 'ready', endpoint: endpoint(3000) },
      { kind: 'ready', endpoint: endpoint(4000) },
    ]);
  });

  it('is ready without an endpoint when only a line of output counts', () => {
    const result = { kind: 'healthy', endpoint: undefined, seesWaiting: false } as const;
    const { reports } = run({ kind: 'scanned', result, at: 0 }, { kind: 'scanned', result, at: 1 });
    assert.deepEqual(reports, [{ kind: 'ready', endpoint: undefined }]);
  });

  describe('that is ready', () => {
    it('is scanned with doubling pauses of up to ten seconds while nothing changes', () => {
      assert.deepEqual(
        pauses(healthy(), ...times(6, unchanged)),
        [500, 1000, 2000, 4000, 8000, 10_000, 10_000],
      );
    });

    it('needs a request after five seconds, and then after doubling pauses', () => {
      const { state } = run(healthy(1000));
      assert.deepEqual([isProbeDue(state, 5999), isProbeDue(state, 6000)], [false, true]);
      const later = run(healthy(1000), healthy(6000)).state;
      assert.deepEqual([isProbeDue(later, 15_999), isProbeDue(later, 16_000)], [false, true]);
    });

    it('needs one every five minutes where the system reports waiting connections', () => {
      const { state } = run(healthy(), healthy(5000, 3000, true));
      assert.deepEqual([isProbeDue(state, 304_999), isProbeDue(state, 305_000)], [false, true]);
      const unseen = run(...times(12, healthy())).state;
      assert.deepEqual([isProbeDue(unseen, 299_999), isProbeDue(unseen, 300_000)], [false, true]);
    });

    it('needs one at once when it announces a new URL', () => {
      const { state } = run(healthy(), unchanged, announced);
      assert.deepEqual([isProbeDue(state, 0), pauseMs(state)], [true, 25]);
    });

    it('may fail one scan, as during a restart', () => {
      const { state, reports } = run(healthy(), unchanged, unhealthy());
      assert.deepEqual(
        [state.kind, pauseMs(state), isProbeDue(state, 0), reports.length],
        ['failing', 250, true, 1],
      );
      const again = run(healthy(), unchanged, unhealthy(), healthy());
      assert.deepEqual([again.state.kind, pauseMs(again.state), again.reports.length], ['ready', 500, 1]);
    });

    it('is silent after a second failed scan, and ready again with the next healthy one', () => {
      const error = endpoint(3000);
      const { state, reports } = run(healthy(), unhealthy(), unhealthy({ endpoint: error }), healthy());
      assert.deepEqual(reports, [
        { kind: 'ready', endpoint: endpoint(3000) },
        { kind: 'unhealthy', problem: { kind: 'silent', attempts: refused }, endpoint: error },
        { kind: 'ready', endpoint: endpoint(3000) },
      ]);
      assert.equal(state.kind, 'ready');
    });

    it('is silent at once when a request gets no response', () => {
      const { state, reports } = run(healthy(), unhealthy({ attempts: noAnswer }));
      assert.equal(state.kind, 'silent');
      assert.deepEqual(reports[1], {
        kind: 'unhealthy',
        problem: { kind: 'silent', attempts: noAnswer },
        endpoint: undefined,
      });
    });

    it('is scanned with doubling pauses of up to five seconds after it fell silent', () => {
      assert.deepEqual(
        pauses(healthy(), ...times(8, unhealthy())).slice(2),
        [250, 500, 1000, 2000, 4000, 5000, 5000],
      );
    });

    it('has ten seconds for a response, and thirty before and after', () => {
      const limits = [
        run(),
        run(healthy()),
        run(healthy(), unhealthy()),
        run(healthy(), ...times(2, unhealthy())),
      ];
      assert.deepEqual(
        limits.map(({ state }) => responseLimitMs(state)),
        [30_000, 10_000, 10_000, 30_000],
      );
    });
  });

  describe('that takes too long', () => {
    it('is reported with what was tried and where it answers with an error', () => {
      const { state, reports } = run(unhealthy({ endpoint: endpoint(3000) }), timeout);
      assert.equal(state.kind, 'timedOut');
      assert.deepEqual(reports, [
        {
          kind: 'unhealthy',
          problem: { kind: 'timeout', seconds: 60, attempts: refused },
          endpoint: endpoint(3000),
        },
      ]);
    });

    it('is reported again when a scan after it has another result, be it late or silent', () => {
      const answered = attempts({ kind: 'status', status: 500 });
      const failing = unhealthy({ attempts: answered, endpoint: endpoint(3000) });
      const late = run(timeout, failing, failing);
      const silent = run(healthy(), ...times(2, unhealthy()), failing, failing);
      const problem = { kind: 'timeout', seconds: 60, attempts: answered };
      assert.deepEqual(late.reports.slice(1), [{ kind: 'unhealthy', problem, endpoint: endpoint(3000) }]);
      assert.deepEqual(silent.reports.slice(2), [
        { kind: 'unhealthy', problem: { kind: 'silent', attempts: answered }, endpoint: endpoint(3000) },
      ]);
    });

    it('is scanned with pauses from two to thirty seconds, and may still become ready', () => {
      assert.deepEqual(
        pauses(timeout, ...times(6, unhealthy())).slice(1),
        [2000, 4000, 8000, 16_000, 30_000, 30_000],
      );
      assert.deepEqual(run(timeout, healthy()).reports.at(-1), { kind: 'ready', endpoint: endpoint(3000) });
    });

    it('is not reported when it is ready, or was', () => {
      for (const events of [[healthy()], [healthy(), unhealthy()], [healthy(), unhealthy(), unhealthy()]]) {
        const before = run(...events);
        assert.deepEqual(run(...events, timeout), before);
      }
    });
  });

  describe('on whose port another process listens', () => {
    it('is a conflict after two scans in a row', () => {
      const { reports } = run(conflicting, unhealthy(), conflicting, conflicting);
      assert.deepEqual(reports, [{ kind: 'conflict', evidence }]);
    });

    it('is reported once until it is ready', () => {
      const { reports } = run(
        ...times(4, conflicting),
        unhealthy(),
        ...times(2, conflicting),
        healthy(),
        ...times(4, conflicting),
      );
      assert.deepEqual(
        reports.map((report) => report?.kind),
        ['conflict', 'ready', 'unhealthy', 'conflict'],
      );
    });

    it('is one at once when the server asks for another port', () => {
      const asked = { ...evidence, isCertain: true };
      const { reports } = run(unhealthy({ evidence: asked }), unhealthy({ evidence: asked }));
      assert.deepEqual(reports, [{ kind: 'conflict', evidence: asked }]);
    });

    it('is not ready in time once that process is gone, after two scans in a row', () => {
      const problem = { kind: 'timeout', seconds: 3, attempts: refused };
      const over = run(
        ...times(2, conflicting),
        unhealthy(),
        conflicting,
        ...times(2, unhealthy({ at: 3000 })),
      );
      assert.deepEqual(over.reports.slice(1), [{ kind: 'unhealthy', problem, endpoint: undefined }]);
      assert.deepEqual(
        [over.state.kind, run(...times(2, conflicting), timeout).reports.length],
        ['timedOut', 1],
      );
      const late = run(timeout, ...times(2, conflicting), ...times(2, unhealthy()));
      assert.deepEqual(late.reports.at(-1), late.reports[0]);
    });

    it('is scanned at least every two seconds', () => {
      const pausesAfter = pauses(timeout, ...times(4, conflicting), unhealthy(), ...times(3, conflicting));
      assert.deepEqual(pausesAfter.slice(1), [400, 2000, 2000, 2000, 400, 2000, 2000, 2000]);
    });

    it('is scanned again soon', () => {
      assert.deepEqual(pauses(...times(7, unhealthy()), conflicting).slice(-2), [2000, 400]);
    });

    it('may be so after the time-out, and after the server fell silent', () => {
      const late = run(timeout, conflicting, conflicting);
      assert.deepEqual(late.reports.at(-1), { kind: 'conflict', evidence });
      const silent = run(healthy(), ...times(4, conflicting));
      assert.deepEqual(silent.reports.at(-1), { kind: 'conflict', evidence });
    });

    it('is not reported as late besides', () => {
      const { state, reports } = run(conflicting, conflicting, timeout);
      assert.deepEqual([state.kind, reports.length], ['timedOut', 1]);
    });
  });

  it('scans soon after an announcement, whatever the pause was', () => {
    const events = [...times(8, unhealthy()), announced, unhealthy()];
    assert.deepEqual(pauses(...events).slice(-2), [25, 50]);
  });

  it('reports nothing after its end', () => {
    for (const event of [announced, unchanged, healthy(), unhealthy(), conflicting, timeout, ended]) {
      assert.deepEqual(run(ended, event), { state: { kind: 'ended' }, reports: [] });
    }
  });
});
