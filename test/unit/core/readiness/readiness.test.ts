import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { newHealthProblems, healthText } from '../../../../src/core/views/healthAlerts.js';
import { LinePattern } from '../../../../src/host/readiness/linePattern.js';
import { readyRule } from '../../../../src/core/readiness/readyRule.js';
import { attemptText, readinessProblemText } from '../../../../src/core/views/readinessText.js';
import type { LiveRun, ServerState } from '../../../../src/core/server/state.js';
import { serverView } from '../../../../src/core/views/serverView.js';
import { statusView } from '../../../../src/core/views/groups.js';
import { definition, endpoint, english } from '../support/fakes.js';
import {
  isHealthy,
  type Endpoint,
  type ProbeOutcome,
  type ReadinessProblem,
} from '../../../../src/core/readiness/endpoint.js';

const url = 'http://localhost:3000/';
const run: LiveRun = {
  id: 'r',
  process: { pid: 4711, startTime: '7', bootId: 'b' },
  startedAt: 0,
  startedTick: 0,
};
const timeout: ReadinessProblem = {
  kind: 'timeout',
  seconds: 60,
  attempts: [{ target: url, outcome: { kind: 'status', status: 500 } }],
};
const conflict: ReadinessProblem = { kind: 'conflict', port: 3000, holder: { pid: 9, name: 'node' } };
const silent: ReadinessProblem = {
  kind: 'silent',
  attempts: [{ target: url, outcome: { kind: 'noAnswer' } }],
};
const ready = (more: Partial<Endpoint> = {}): ServerState => ({
  kind: 'ready',
  run,
  endpoint: endpoint(url, more),
});
const unhealthy = (problem: ReadinessProblem, at?: Endpoint): ServerState => ({
  kind: 'unhealthy',
  run,
  endpoint: at,
  problem,
});
const record = (state: ServerState) => ({ definition: definition('dev'), state, retired: false });
const snapshot = (...states: ServerState[]) => ({ version: 1, closed: false, servers: states.map(record) });
const view = (state: ServerState) => serverView(record(state), { now: 0, tick: 0 }, english);

describe('the rule of readiness', () => {
  const none = { http: undefined, tcp: undefined, log: undefined, timeout: undefined };

  it('accepts any answer within a minute by default', () => {
    const usual = { http: undefined, tcp: false, port: undefined, log: undefined, timeoutMs: 60_000 };
    assert.deepEqual([readyRule(undefined, undefined), readyRule(none, undefined)], [usual, usual]);
  });

  it("prefers the server's own values to the setting", () => {
    assert.deepEqual(readyRule({ http: '/up', tcp: 5432, log: 'done', timeout: 5 }, 30), {
      http: '/up',
      tcp: true,
      port: 5432,
      log: 'done',
      timeoutMs: 5000,
    });
    const tcps = [true, false, 1].map((tcp) => readyRule({ ...none, tcp }, 60));
    assert.deepEqual(
      tcps.map(({ tcp, port }) => [tcp, port]),
      [
        [true, undefined],
        [false, undefined],
        [true, 1],
      ],
    );
  });

  it('ignores a setting with an invalid value', () => {
    const settings = [1, 3600, 0.9, 3601, '60', null, Number.NaN];
    assert.deepEqual(
      settings.map((setting) => readyRule(undefined, setting).timeoutMs),
      [1000, 3_600_000, 60_000, 60_000, 60_000, 60_000, 60_000],
    );
  });

  it('counts answers from 200 to 499 and connections as healthy', () => {
    const outcomes: ProbeOutcome[] = [199, 200, 499, 500].map((status) => ({ kind: 'status', status }));
    assert.deepEqual(outcomes.map(isHealthy), [false, true, true, false]);
    const kinds = ['accepted', 'refused', 'noAnswer', 'closed', 'notHttp', 'tool'] as const;
    assert.deepEqual(
      kinds.filter((kind) => isHealthy({ kind })),
      ['accepted'],
    );
  });
});

describe('a line of output', () => {
  const found = (source: string, ...pieces: string[]): boolean => {
    const pattern = new LinePattern(source);
    for (const piece of pieces) pattern.push(piece);
    return pattern.result === 'found';
  };

  it('is matched without control sequences, in any chunks', () => {
    const text = 'x\r\n\u001b[32mwatching\u001b[0m for changes';
    assert.ok(found('^watching for', text));
    assert.ok(found('^watching for', ...text.split('')));
    assert.ok(!found('^for', text));
  });

  it('counts once it has matched, regardless of what follows', () => {
    assert.ok(found('^up$', 'up', 'wards\n', 'down\n'));
    assert.ok(!found('^up$', 'upwards\n'));
  });

  it('is matched by its beginning if it is unfinished', () => {
    assert.ok(!found('END', 'x'.repeat(3000), 'END'));
    assert.ok(!found('END', `${'x'.repeat(2000)}END`));
    assert.ok(found('END', `${'x'.repeat(1997)}END`));
  });

  it('is given up when the expression takes too long for it', () => {
    for (const source of ['(a+)+$', String.raw`(\w+\s?)+ ready$`]) {
      const pattern = new LinePattern(source);
      pattern.push(`${'a'.repeat(60)}!\n`);
      assert.equal(pattern.result, 'tooSlow', source);
      pattern.push('all ready');
      assert.equal(pattern.result, 'tooSlow');
    }
  });

  it('throws only if the expression is invalid', () => {
    assert.throws(() => new LinePattern('('), SyntaxError);
  });

  for (const [text, pauseMs, result] of [
    ['is given up when its matches together occupy the processor', 300, 'tooSlow'],
    ['is kept in a long build in which its matches take a small part of the time', 10_000, 'none'],
  ] as const)
    it(text, () => {
      let used = 0;
      let now = 0;
      const pattern = new LinePattern('ready', { used: () => (used += 100), now: () => (now += pauseMs) });
      for (let chunk = 0; chunk < 100; chunk += 1) pattern.push('compiling\n');
      assert.equal(pattern.result, result);
    });
});

describe('a server that cannot be used', () => {
  it('shows the reason, and offers actions', () => {
    const states = [unhealthy(timeout), unhealthy(silent, endpoint(url)), unhealthy(conflict)];
    assert.deepEqual(
      states.map((state) => [view(state).icon, view(state).description, view(state).context]),
      [
        ['warning', 'not ready · :3000', 'server unhealthy stoppable running terminal'],
        ['warning', 'not answering · :3000', 'server unhealthy stoppable running url terminal'],
        ['warning', 'port 3000 in use', 'server unhealthy stoppable running terminal'],
      ],
    );
    assert.equal(
      readinessProblemText({ ...conflict, holder: undefined }, english),
      'port 3000 is in use by another program',
    );
  });

  it('shows that its expression takes too long', () => {
    const state = unhealthy({ kind: 'slowPattern', pattern: '(a+)+$' });
    assert.deepEqual(
      [view(state).description, healthText(snapshot(state).servers[0] as never, english)],
      ['not ready', 'shop: dev is not ready: the regular expression (a+)+$ takes too long.'],
    );
  });

  it('names no port if the server does not name one', () => {
    assert.equal(
      readinessProblemText({ kind: 'conflict', port: undefined, holder: undefined }, english),
      'its port is in use by another program',
    );
  });

  it('lists the attempts in the tooltip', () => {
    const rows = (state: ServerState) =>
      view(state).tooltip.flatMap(({ title, value }) => (title === 'Checked' ? [value] : []));
    assert.deepEqual(
      [rows(unhealthy(timeout)), rows(unhealthy(conflict)), rows(ready())],
      [['http://localhost:3000/: responded with 500'], [], []],
    );
  });

  it('has a text for every outcome of an attempt', () => {
    const kinds = [
      'accepted',
      'refused',
      'noAnswer',
      'closed',
      'notHttp',
      'tool',
      'notListening',
      'foreign',
      'noMatch',
    ] as const;
    assert.deepEqual(
      kinds.map((kind) => attemptText({ target: 'x', outcome: { kind } }, english)),
      [
        'x: accepted a connection',
        'x: connection refused',
        'x: no response',
        'x: connection closed',
        'x: does not speak HTTP',
        'x: used for debugging or for reloading pages',
        'x: nothing listens there',
        'x: another program listens there',
        'No line of output matches x',
      ],
    );
    assert.equal(
      attemptText({ target: '', outcome: { kind: 'notListening' } }, english),
      'It is not listening on any port.',
    );
  });

  it('is a warning in the status bar, unlike a crash', () => {
    const crashed: ServerState = {
      kind: 'crashed',
      crash: { kind: 'failure', reason: 'spawnFailed', message: 'no', at: 0 },
    };
    const bars = [
      snapshot(unhealthy(timeout), ready()),
      snapshot(unhealthy(silent)),
      snapshot(unhealthy(conflict)),
      snapshot(unhealthy(timeout), unhealthy(silent)),
      snapshot(unhealthy(timeout), crashed),
    ].map((each) => statusView(each, english));
    assert.deepEqual(
      bars.map(({ icon, text, severity }) => [`${icon}: ${text}`, severity]),
      [
        ['warning: shop: dev not ready, 1 running', 'warning'],
        ['warning: shop: dev not answering', 'warning'],
        ['warning: shop: dev port 3000 in use', 'warning'],
        ['warning: 2 not ready', 'warning'],
        ['error: shop: dev crashed, 1 not ready', 'error'],
      ],
    );
    assert.deepEqual(bars[3]?.tooltip, ['shop: dev, not ready after 60 s', 'shop: dev, not answering']);
  });
});

describe('a server that can be used', () => {
  it('shows the listener if it is not the started process', () => {
    const rows = (state: ServerState) =>
      view(state).tooltip.flatMap(({ title, value }) => (title === 'Listener' ? [value] : []));
    const states = [
      ready(),
      ready({ pid: 4712 }),
      ready({ listener: 'published', pid: undefined }),
      ready({ listener: 'unknown', pid: undefined }),
    ];
    assert.deepEqual(states.map(rows), [[], ['PID 4712'], ['published by a container engine'], ['unknown']]);
    assert.deepEqual(
      states.map((state) => view(state).description),
      [':3000', ':3000', ':3000 · container', ':3000'],
    );
  });

  it('warns of another program on its port', () => {
    const { description, color, tooltip } = view(ready({ contested: true }));
    assert.deepEqual(
      [description, color, tooltip.find(({ title }) => title === 'Warning')?.value],
      [
        'localhost:3000 · port shared with another program',
        'charts.yellow',
        'Another program listens on the same port at another address.',
      ],
    );
  });

  it('warns about a port that one of its parts cannot use', () => {
    const holder = { pid: 9, name: 'node' };
    const { description, color, tooltip } = view(ready({ conflict: { port: 3001, holder } }));
    assert.deepEqual(
      [description, color, tooltip.find(({ title }) => title === 'Warning')?.value],
      [':3000', 'charts.yellow', 'port 3001 is in use by node (PID 9)'],
    );
  });

  it('may have no address if only its output shows that it is ready', () => {
    const { description, spoken, context } = view({ kind: 'ready', run, endpoint: undefined });
    assert.deepEqual(
      [description, spoken, context],
      ['ready', 'dev, ready', 'server ready stoppable running terminal'],
    );
  });

  it('is not opened in a browser when it does not speak HTTP', () => {
    const state: ServerState = { kind: 'ready', run, endpoint: endpoint(':6379 (tcp)') };
    assert.deepEqual(
      [view(state).description, view(state).context],
      [':6379 (tcp)', 'server ready stoppable running terminal'],
    );
  });
});

describe('new problems of servers', () => {
  it('are reported once each, but not for a server that stops answering', () => {
    const changes: [ServerState, ServerState][] = [
      [{ kind: 'starting', run }, unhealthy(timeout)],
      [unhealthy(timeout), unhealthy(timeout)],
      [unhealthy(timeout), ready()],
      [ready(), unhealthy(silent, endpoint(url))],
      [{ kind: 'starting', run }, unhealthy(conflict)],
      [ready(), ready({ contested: true })],
      [ready({ contested: true }), ready({ contested: true })],
      [ready(), ready({ conflict: { port: 3001, holder: undefined } })],
      [unhealthy(conflict), ready({ conflict: { port: 3001, holder: undefined } })],
    ];
    assert.deepEqual(
      changes.map(([before, after]) =>
        newHealthProblems(snapshot(before), snapshot(after)).map((each) => healthText(each, english)),
      ),
      [
        ['shop: dev is not ready after 60 s.'],
        [],
        [],
        [],
        ['shop: dev cannot be reached: port 3000 is in use by node (PID 9).'],
        ['Another program uses the same port as shop: dev. Use http://localhost:3000/ to reach this server.'],
        [],
        ['shop: dev is ready, but port 3001 is in use by another program.'],
        [],
      ],
    );
  });
});
