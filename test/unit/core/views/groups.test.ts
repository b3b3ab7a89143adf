import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { GroupIndex } from '../../../../src/core/views/groupIndex.js';
import { groupView } from '../../../../src/core/views/groupView.js';
import type { LiveRun, ServerState } from '../../../../src/core/server/state.js';
import { groupServers, type ServerGroup } from '../../../../src/core/views/groups.js';
import { definition, endpoint, english } from '../support/fakes.js';
import type { ServerRecord } from '../../../../src/core/registry/snapshot.js';

const run: LiveRun = {
  id: 'r',
  process: { pid: 4711, startTime: '7', bootId: 'b' },
  startedAt: 0,
  startedTick: 0,
};
const failure = { reason: 'dependencyFailed', message: 'api crashed (exit 1)', at: 0 } as const;
const states = {
  stopped: { kind: 'stopped', lastEnd: undefined },
  queued: { kind: 'queued', runId: 'r', waitsFor: ['shop:api'] },
  reserved: { kind: 'reserved', runId: 'r' },
  starting: { kind: 'starting', run },
  ready: { kind: 'ready', run, endpoint: endpoint('http://localhost:5173/') },
  external: { kind: 'external', run, url: undefined },
  unhealthy: {
    kind: 'unhealthy',
    run,
    endpoint: undefined,
    problem: { kind: 'timeout', seconds: 60, attempts: [] },
  },
  stopping: { kind: 'stopping', run },
  stopFailed: { kind: 'stopFailed', run, survivors: [] },
  failed: { kind: 'crashed', crash: { kind: 'failure', ...failure, reason: 'spawnFailed' } },
  notStarted: { kind: 'crashed', crash: { kind: 'failure', ...failure } },
} satisfies Record<string, ServerState>;

const record = (id: string, more: object, state: ServerState = states.stopped): ServerRecord => ({
  definition: definition(id, more),
  state,
  retired: false,
});

/** Returns the only group of servers in these states. */
function groupOf(more: object, ...kinds: (keyof typeof states)[]): ServerGroup {
  const [group] = groupServers(kinds.map((kind, index) => record(`s${index}`, more, states[kind])));
  assert.ok(group);
  return group;
}

const none = { isPinned: () => false, recency: () => undefined };

describe('the groups of a workspace', () => {
  it('are the configured groups, and the package folders of other servers', () => {
    const groups = groupServers([
      record('a', { group: 'backend' }),
      record('b', { subfolder: 'apps/web' }),
      record('c', { group: 'backend', subfolder: 'apps/web' }),
      record('d', { group: 'backend', folder: 'docs' }),
      record('e', {}),
    ]);
    assert.deepEqual(
      groups.map(({ id, name, path, servers }) => [
        id,
        name,
        path,
        servers.map((each) => each.definition.id),
      ]),
      [
        ['shop:backend', 'backend', '', ['a', 'c']],
        ['shop/apps/web', undefined, 'apps/web', ['b']],
        ['docs:backend', 'backend', '', ['d']],
        ['shop/', undefined, '', ['e']],
      ],
    );
  });

  it('are found by their ids and by their servers, and have rows only if these are useful', () => {
    const one = new GroupIndex([record('a', { group: 'backend' }), record('b', {}), record('b2', {})], none);
    const two = new GroupIndex(
      [
        record('a', { group: 'backend' }),
        record('b', {}),
        record('c', { folder: 'docs', subfolder: 'site' }),
        record('d', { folder: 'docs', subfolder: 'site' }),
        record('e', { folder: 'docs', subfolder: 'api' }),
      ],
      none,
    );
    const rows = (index: GroupIndex): unknown => [
      index.folders,
      index.groups.filter((group) => index.hasRow(group)).map(({ id }) => id),
    ];
    assert.deepEqual(
      [rows(one), rows(two)],
      [
        [['shop'], ['shop:backend', 'shop/']],
        [
          ['shop', 'docs'],
          ['shop:backend', 'docs/site'],
        ],
      ],
    );
    assert.deepEqual(
      [two.find('docs/site')?.id, two.find('x'), two.groupOfServer('b')?.id, two.groupOfServer('x')],
      ['docs/site', undefined, 'shop/', undefined],
    );
  });
});

describe('the view of a group', () => {
  it('of the user shows its progress, and the worst state', () => {
    const kinds: (keyof typeof states)[][] = [
      ['stopped', 'stopped'],
      ['ready', 'queued', 'starting'],
      ['reserved', 'stopped'],
      ['ready', 'external'],
      ['ready', 'stopped'],
      ['ready', 'stopping'],
      ['ready', 'unhealthy'],
      ['starting', 'unhealthy'],
      ['failed', 'unhealthy'],
      ['stopFailed', 'ready'],
      ['failed', 'notStarted'],
      ['notStarted', 'stopped'],
    ];
    const lines = kinds.map((each) => {
      const { label, description, icon, color, context, spoken } = groupView(
        groupOf({ group: 'backend' }, ...each),
        english,
      );
      return [label, description, icon, color ?? '-', context, spoken].join(' | ');
    });
    assert.deepEqual(lines, [
      'backend |  | layers | - | group | backend, stopped',
      'backend | starting: 1 of 3 ready | loading~spin | charts.yellow | group active | backend, starting: 1 of 3 ready',
      'backend | starting: 0 of 2 ready | loading~spin | charts.yellow | group active | backend, starting: 0 of 2 ready',
      'backend | 2 of 2 ready | layers | charts.green | group active | backend, 2 of 2 ready',
      'backend | 1 of 2 ready | layers | charts.green | group active | backend, 1 of 2 ready',
      'backend | 1 of 2 ready | loading~spin | charts.yellow | group active | backend, 1 of 2 ready',
      'backend | 1 of 2 ready | warning | problemsWarningIcon.foreground | group active | backend, 1 of 2 ready',
      'backend | starting: 0 of 2 ready | warning | problemsWarningIcon.foreground | group active | backend, starting: 0 of 2 ready',
      'backend | 0 of 2 ready | error | problemsErrorIcon.foreground | group active | backend, 0 of 2 ready',
      'backend | 1 of 2 ready | error | problemsErrorIcon.foreground | group active | backend, 1 of 2 ready',
      'backend | 0 of 2 ready | error | problemsErrorIcon.foreground | group | backend, 0 of 2 ready',
      'backend |  | layers | - | group | backend, stopped',
    ]);
  });

  it('of a package shows the states of its servers, the worst first', () => {
    const views = [
      groupView(groupOf({}, 'stopped'), english),
      groupView(groupOf({ subfolder: 'apps/web' }, 'ready', 'queued', 'failed'), english),
    ];
    assert.deepEqual(views, [
      {
        label: 'shop',
        description: '',
        icon: 'root-folder',
        color: undefined,
        context: 'group',
        spoken: 'shop, stopped',
      },
      {
        label: 'apps/web',
        description: '1 crashed · 1 starting · 1 running',
        icon: 'error',
        color: 'problemsErrorIcon.foreground',
        context: 'group active',
        spoken: 'apps/web, 1 crashed · 1 starting · 1 running',
      },
    ]);
  });
});
