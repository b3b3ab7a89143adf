import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Origin } from '../../../../src/core/server/origin.js';
import { durationText } from '../../../../src/core/durationText.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { serverView } from '../../../../src/core/views/serverView.js';
import type { LiveRun, ServerState } from '../../../../src/core/server/state.js';
import { groupView } from '../../../../src/core/views/groupView.js';
import { groupServers, statusView } from '../../../../src/core/views/groups.js';
import { endpoint, definition, english } from '../support/fakes.js';

const run: LiveRun = {
  id: 'r',
  process: { pid: 4711, startTime: '7', bootId: 'b' },
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  startedTick: 1000,
};
const end = { exit: { kind: 'code', code: 1 }, interrupted: false, tail: ['boom'], at: 0 } as const;
const states = {
  fresh: { kind: 'stopped', lastEnd: undefined },
  ended: { kind: 'stopped', lastEnd: { ...end, exit: { kind: 'code', code: 0 } } },
  interrupted: { kind: 'stopped', lastEnd: { ...end, interrupted: true } },
  queued: { kind: 'queued', runId: 'r', waitsFor: ['shop:api'] },
  reserved: { kind: 'reserved', runId: 'r' },
  starting: { kind: 'starting', run },
  ready: { kind: 'ready', run, endpoint: endpoint('http://localhost:5173/') },
  external: { kind: 'external', run, url: 'http://localhost:5173/' },
  stopping: { kind: 'stopping', run },
  stopFailed: { kind: 'stopFailed', run, survivors: [{ pid: 9, command: 'x' }] },
  crashed: { kind: 'crashed', crash: { kind: 'exit', ...end } },
  killed: { kind: 'crashed', crash: { kind: 'exit', ...end, exit: { kind: 'signal', signal: 'SIGKILL' } } },
  failed: { kind: 'crashed', crash: { kind: 'failure', reason: 'spawnFailed', message: 'No npm.', at: 0 } },
  notStarted: {
    kind: 'crashed',
    crash: { kind: 'failure', reason: 'dependencyFailed', message: 'api crashed (exit 1)', at: 0 },
  },
} satisfies Record<string, ServerState>;
const unhealthy: ServerState = {
  kind: 'unhealthy',
  run,
  endpoint: undefined,
  problem: { kind: 'timeout', seconds: 60, attempts: [] },
};
const record = (state: ServerState, id = 'dev', subfolder = 'apps/web') => ({
  definition: definition(id, { subfolder }),
  state,
  retired: false,
});
const view = (state: ServerState) => serverView(record(state), { now: 0, tick: 60_500 }, english);

const snapshot = (...servers: ReturnType<typeof record>[]) => ({ version: 1, closed: false, servers });

describe('the view of a server', () => {
  it('shows the icon, the text and the menu context of every state', () => {
    const lines = Object.values(states).map((state) => {
      const { icon, color, description, context } = view(state);
      return [icon, color ?? '-', description, context].join(' | ');
    });
    assert.deepEqual(lines, [
      'circle-large-outline | - | npm | server stopped startable',
      'circle-large-outline | - | ended (exit 0) | server stopped startable terminal dismissable',
      'circle-large-outline | - | stopped | server stopped startable terminal dismissable',
      'watch | charts.yellow | waiting for api | server queued stoppable',
      'loading~spin | charts.yellow | starting… | server reserved stoppable terminal',
      'loading~spin | charts.yellow | starting… | server starting stoppable running terminal',
      'pass-filled | charts.green | :5173 | server ready stoppable running url terminal',
      'debug-disconnect | charts.green | :5173 · adopted | server external stoppable url terminal',
      'loading~spin | charts.yellow | stopping… | server stopping stoppable terminal',
      'warning | problemsWarningIcon.foreground | could not be stopped: 1 still running | server stopFailed stoppable terminal',
      'error | problemsErrorIcon.foreground | crashed (exit 1) | server crashed startable terminal dismissable',
      'error | problemsErrorIcon.foreground | crashed (SIGKILL) | server crashed startable terminal dismissable',
      'error | problemsErrorIcon.foreground | No npm | server crashed startable terminal dismissable',
      'error | problemsErrorIcon.foreground | api crashed (exit 1) | server crashed startable dismissable',
    ]);
  });

  it('shows a planned restart, and offers to cancel it', () => {
    const restart = { kind: 'planned', delayMs: 4000 } as const;
    const waiting = [
      view({ kind: 'crashed', crash: { kind: 'exit', ...end, restart } }),
      view({ kind: 'stopped', lastEnd: { ...end, exit: { kind: 'code', code: 0 }, restart } }),
      view({ kind: 'crashed', crash: { kind: 'exit', ...end, restart: { kind: 'givenUp', ends: 5 } } }),
    ];
    assert.deepEqual(
      waiting.map(({ description, context }) => [description, context]),
      [
        ['restarting in 4 s · crashed (exit 1)', 'server crashed startable stoppable terminal'],
        ['restarting in 4 s · ended (exit 0)', 'server stopped startable stoppable terminal'],
        ['gave up after 5 crashes', 'server crashed startable terminal dismissable'],
      ],
    );
  });

  it('shows process, address and uptime in the tooltip', () => {
    assert.deepEqual(
      view(states.ready).tooltip.map(({ title, value }) => `${title}: ${value}`),
      [
        'State: ready',
        'URL: http://localhost:5173/',
        'Command: npm run dev',
        'Folder: /shop',
        'PID: 4711',
        `Started: ${new Date(run.startedAt).toLocaleString()}`,
        'Uptime: 59 s',
        'Started by: you',
      ],
    );
    assert.deepEqual(
      serverView(
        {
          ...record(states.fresh),
          definition: definition('dev', { command: { kind: 'shell', line: 'a && b' } }),
        },
        { now: 0, tick: 0 },
        english,
      ).tooltip,
      [
        { title: 'State', value: 'stopped' },
        { title: 'Command', value: 'a && b' },
        { title: 'Folder', value: '/shop' },
      ],
    );
  });

  it('shows in the tooltip where a server comes from', () => {
    const places: readonly Partial<ServerDefinition>[] = [
      { source: 'scripts', file: 'web/package.json' },
      { source: 'guides', file: 'web/README.md' },
      { source: 'settings' },
      { source: 'agent' },
    ];
    const shown = places.map((place) => {
      const { tooltip } = serverView(
        { ...record(states.fresh), definition: definition('dev', place) },
        { now: 0, tick: 0 },
        english,
      );
      return tooltip.slice(3);
    });
    assert.deepEqual(shown, [
      [{ title: 'Defined in', value: 'web/package.json' }],
      [{ title: 'Documented in', value: 'web/README.md' }],
      [{ title: 'Defined in', value: 'devServers.servers' }],
      [],
    ]);
  });

  it('shows who started a server in the tooltip, and agents in the row, too', () => {
    const agent: Origin = { kind: 'agent', name: 'Copilot', caller: 'Copilot' };
    const origins: readonly Origin[] = [
      { kind: 'user' },
      agent,
      { kind: 'autoStart' },
      { kind: 'restart', of: { kind: 'user' } },
      { kind: 'restart', of: agent },
    ];
    const shown = origins.map((startedBy) => {
      const { description, tooltip } = view({ ...states.ready, run: { ...run, startedBy } });
      return [description, tooltip.find(({ title }) => title === 'Started by')?.value];
    });
    assert.deepEqual(shown, [
      [':5173', 'you'],
      [':5173 · started by Copilot', 'Copilot'],
      [':5173', 'auto-start'],
      [':5173', 'you, restarted automatically'],
      [':5173 · started by Copilot', 'Copilot, restarted automatically'],
    ]);
    const waiting = view({ kind: 'reserved', runId: 'r', startedBy: agent });
    assert.equal(waiting.description, 'starting… · started by Copilot');
    const crashed = view({ kind: 'crashed', crash: { kind: 'exit', ...end, startedBy: agent } });
    assert.equal(crashed.description, 'crashed (exit 1)');
    assert.equal(
      view(states.external).tooltip.some(({ title }) => title === 'Started by'),
      false,
    );
  });

  it('lists the dependencies in the tooltip', () => {
    const depending = definition('dev', { dependsOn: ['shop:api', 'shop/apps/db:dev', 'shop:api'] });
    const rows = serverView({ ...record(states.fresh), definition: depending }, { now: 0, tick: 0 }, english);
    assert.deepEqual(
      rows.tooltip.filter(({ title }) => title === 'Depends on'),
      [{ title: 'Depends on', value: 'api, apps/db:dev' }],
    );
  });

  it('names the first of several dependencies of a waiting server, and does not show it as starting', () => {
    assert.deepEqual(
      [['shop:api', 'shop:db', 'shop:x'], []].map(
        (waitsFor) => view({ kind: 'queued', runId: 'r', waitsFor }).description,
      ),
      ['waiting for api and 2 more', 'starting…'],
    );
  });

  it('begins an address with the part that differs', () => {
    const urls = [
      'http://localhost:1/',
      'https://localhost:1/',
      'http://localhost:1/a/',
      'http://localhost/?to=http://b/',
    ];
    assert.deepEqual(
      urls.map((url) => view({ kind: 'ready', run, endpoint: endpoint(url) }).description),
      [':1', ':1 (https)', ':1/a/', 'localhost/?to=http://b/'],
    );
  });

  it('shows the label of the port that the server uses, or else is known to use', () => {
    const portLabels = { 3000: 'Web app', 5173: 'Shop' };
    const labelled = (state: ServerState) =>
      serverView(
        { ...record(state), definition: definition('dev', { portLabels, portLabel: 'Web app' }) },
        { now: 0, tick: 60_500 },
        english,
      );
    assert.deepEqual(
      [states.fresh, states.ready, { ...states.ready, endpoint: endpoint('http://localhost:1/') }].map(
        (state) => [labelled(state).description, labelled(state).spoken],
      ),
      [
        ['Web app · npm', 'dev, Web app, stopped'],
        [':5173 · Shop', 'dev, Shop, ready at http://localhost:5173/'],
        [':1', 'dev, ready at http://localhost:1/'],
      ],
    );
  });

  it('has a text for screen readers with name and state', () => {
    assert.deepEqual(
      [view(states.ready).spoken, view(states.crashed).spoken, view(states.fresh).spoken],
      ['dev, ready at http://localhost:5173/', 'dev, crashed (exit 1)', 'dev, stopped'],
    );
  });

  it('shows that the exit code of an adopted server is unknown', () => {
    const state = { kind: 'stopped', lastEnd: { ...end, exit: { kind: 'unknown' } } } as const;
    assert.equal(view(state).description, 'ended (exit code unknown)');
  });

  it('has the last output only after a crash', () => {
    assert.deepEqual(
      [view(states.crashed).tail, view(states.failed).tail, view(states.ready).tail],
      [['boom'], [], []],
    );
  });

  it('shows the same uptime when the clock of the machine jumps', () => {
    const uptimes = [0, 3_600_000, -3_600_000].map((jump) => {
      const { tooltip } = serverView(record(states.ready), { now: Date.now() + jump, tick: 63_500 }, english);
      return tooltip.find(({ title }) => title === 'Uptime')?.value;
    });
    assert.deepEqual(uptimes, ['1 min', '1 min', '1 min']);
  });

  it('shows durations in two units at most', () => {
    const durations = [-1, 999, 59_999, 60_000, 3_600_000, 7_500_000, 86_399_999, 86_400_000, 100_000_000];
    assert.deepEqual(
      durations.map((milliseconds) => durationText(milliseconds, english)),
      ['0 s', '0 s', '59 s', '1 min', '1 h 0 min', '2 h 5 min', '23 h 59 min', '1 d 0 h', '1 d 3 h'],
    );
  });
});

describe('the view of the workspace', () => {
  it('groups servers by package folder in the order of their definitions', () => {
    const groups = groupServers([
      record(states.ready, 'a', 'apps/web'),
      record(states.fresh, 'b', ''),
      record(states.fresh, 'c', 'apps/web'),
    ]);
    assert.deepEqual(
      groups.map((group) => [group.id, group.path, groupView(group, english).description]),
      [
        ['shop/apps/web', 'apps/web', '1 running'],
        ['shop/', '', ''],
      ],
    );
  });

  it('shows the worst state in the status bar, then the number of running servers', () => {
    const texts = [
      snapshot(),
      snapshot(record(states.fresh)),
      snapshot(record(states.ready), record(states.ready)),
      snapshot(record(states.ready), record(states.external)),
      snapshot(record(states.ready), record(states.starting)),
      snapshot(record(states.crashed), record(states.ready)),
      snapshot(record(states.crashed), record(states.failed)),
      snapshot(record(states.stopFailed)),
      snapshot(record(states.queued)),
      snapshot(record(states.queued), record(states.starting)),
      snapshot(record(states.notStarted), record(states.ready)),
      snapshot(record(states.crashed), record(unhealthy), record(states.ready)),
      snapshot(record(states.crashed), record(states.failed), record(unhealthy)),
      snapshot(record(unhealthy), record(states.starting)),
    ].map((each) => {
      const { icon, text, severity } = statusView(each, english);
      return `${icon}: ${text} (${severity})`;
    });
    assert.deepEqual(texts, [
      'server-process: Dev Servers (none)',
      'server-process: Dev Servers (none)',
      'server-process: 2 running (none)',
      'server-process: 2 running (none)',
      'loading~spin: 1 starting, 1 running (none)',
      'error: web: dev crashed, 1 running (error)',
      'error: 2 crashed (error)',
      'error: web: dev not stopped (error)',
      'loading~spin: 1 starting (none)',
      'loading~spin: 2 starting (none)',
      'server-process: 1 running (none)',
      'error: web: dev crashed, 1 not ready, 1 running (error)',
      'error: 2 crashed, 1 not ready (error)',
      'warning: web: dev not ready, 1 starting (warning)',
    ]);
  });

  it('lists servers in the tooltip of the status bar, and has a text for screen readers', () => {
    const views = [
      snapshot(record(states.ready), record(states.fresh), record(states.crashed)),
      snapshot(record(states.fresh)),
    ].map((each) => statusView(each, english));
    assert.deepEqual(
      views.map(({ tooltip, spoken }) => [tooltip, spoken]),
      [
        [
          ['web: dev, http://localhost:5173/', 'web: dev, crashed (exit 1)'],
          'Dev servers: web: dev crashed, 1 running',
        ],
        [['Start and stop dev servers'], 'Dev servers: Dev Servers'],
      ],
    );
  });
});
