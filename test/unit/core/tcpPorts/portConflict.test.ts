import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  conflictView,
  portConflictMode,
  portConflictModes,
  type Conflict,
  type ConflictContext,
  type ConflictView,
} from '../../../../src/core/tcpPorts/portConflict.js';
import type { PortHolder } from '../../../../src/core/tcpPorts/portUse.js';
import type { ServerState } from '../../../../src/core/server/state.js';
import { definition, endpoint, english } from '../support/fakes.js';

const holder: PortHolder = {
  process: { pid: 123, startTime: '7', bootId: 'b' },
  name: 'node',
  command: 'node server.js',
  folder: '/home/me/old',
  startedAt: 700_000,
  owner: { kind: 'foreign' },
};
const ready: ServerState = {
  kind: 'ready',
  run: { id: 'r', process: holder.process, startedAt: 0, startedTick: 0 },
  endpoint: endpoint('http://localhost:3000/app'),
};
const facts: ConflictContext = {
  servers: [{ definition: definition('dev'), state: ready, retired: false }],
  now: 1_000_000,
  l10n: english,
};

function held(more: Partial<PortHolder>, url?: string): Conflict {
  return { kind: 'portHeld', port: 3000, use: { kind: 'held', holders: [{ ...holder, ...more }], url } };
}

describe('a port that is taken', () => {
  const cases: Readonly<Record<string, readonly [Conflict, ConflictView]>> = {
    'by a stranger may be ended as that very process, and opened when it answers': [
      held({}, 'http://localhost:3000/'),
      {
        text: 'Port 3000 is already in use by node (PID 123, for 5 min, started outside this window).',
        url: 'http://localhost:3000/',
        removal: { kind: 'endForeign', port: 3000, holder },
      },
    ],
    'by a stranger whose age is not known is named without': [
      held({ startedAt: undefined }),
      {
        text: 'Port 3000 is already in use by node (PID 123, started outside this window).',
        url: undefined,
        removal: { kind: 'endForeign', port: 3000, holder: { ...holder, startedAt: undefined } },
      },
    ],
    'by a server of this window is stopped as that server, and opened at its own address': [
      held({ owner: { kind: 'server', serverId: 'dev' } }, 'http://localhost:3000/'),
      {
        text: 'Port 3000 is already in use by node (PID 123, for 5 min, server shop: dev).',
        url: 'http://localhost:3000/app',
        removal: { kind: 'stop', serverId: 'dev' },
      },
    ],
    'by a server that is known no more is called by its id': [
      held({ owner: { kind: 'server', serverId: 'gone' } }),
      {
        text: 'Port 3000 is already in use by node (PID 123, for 5 min, server gone).',
        url: undefined,
        removal: { kind: 'stop', serverId: 'gone' },
      },
    ],
    'by a server of another window is taken over': [
      held({
        owner: {
          kind: 'otherWindow',
          run: { serverId: 'shop/web:dev', cwd: '/w', url: 'http://localhost:3000/x' },
        },
      }),
      {
        text: 'Port 3000 is already in use by node (PID 123, for 5 min, server shop/web:dev (/w) of another window).',
        url: 'http://localhost:3000/x',
        removal: { kind: 'takeOver', server: { id: 'shop/web:dev', cwd: '/w' } },
      },
    ],
    'by something of another window that is not on record is not ended': [
      held({ owner: { kind: 'otherWindow', run: undefined } }),
      {
        text: 'Port 3000 is already in use by node (PID 123, for 5 min, started by another window).',
        url: undefined,
        removal: undefined,
      },
    ],
    'by the editor is not ended': [
      held({ owner: { kind: 'editor' } }),
      {
        text: 'Port 3000 is already in use by node (PID 123, for 5 min, part of the editor).',
        url: undefined,
        removal: undefined,
      },
    ],
    'by two is not ended, since it is not clear which of them is in the way': [
      {
        kind: 'portHeld',
        port: 3000,
        use: {
          kind: 'held',
          holders: [holder, { ...holder, name: 'php', process: { ...holder.process, pid: 124 } }],
          url: undefined,
        },
      },
      {
        text: 'Port 3000 is already in use by node (PID 123, for 5 min, started outside this window), php (PID 124, for 5 min, started outside this window).',
        url: undefined,
        removal: undefined,
      },
    ],
    'by the system itself says so': [
      { kind: 'portHeld', port: 3000, use: { kind: 'unknown', url: undefined, isReserved: true } },
      {
        text: 'Port 3000 is reserved by the system, or a program uses it exclusively.',
        url: undefined,
        removal: undefined,
      },
    ],
    'by a hidden process is neither reported as free nor killed': [
      { kind: 'portHeld', port: 3000, use: { kind: 'unknown', url: 'http://localhost:3000/' } },
      {
        text: 'Port 3000 is in use by a process that cannot be identified.',
        url: 'http://localhost:3000/',
        removal: undefined,
      },
    ],
  };
  for (const [name, [conflict, view]] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(conflictView(conflict, facts), view));
  }
});

describe('a server that another window runs', () => {
  const web = definition('dev', { cwd: '/w' });
  it('can be opened and taken over', () => {
    const run = { pid: 123, url: 'http://localhost:3000/' };
    assert.deepEqual(conflictView({ kind: 'runsElsewhere', definition: web, run }, facts), {
      text: 'shop: dev is already running in another window at http://localhost:3000/.',
      url: 'http://localhost:3000/',
      removal: { kind: 'takeOver', server: { id: 'dev', folder: 'shop', cwd: '/w' } },
    });
  });

  it('is named by its process while it has no address', () => {
    const run = { pid: 123, url: undefined };
    assert.equal(
      conflictView({ kind: 'runsElsewhere', definition: web, run }, facts).text,
      'shop: dev is already running in another window (PID 123).',
    );
  });
});

describe('the setting for conflicts', () => {
  it('is its value, or the default for an unknown value', () => {
    assert.deepEqual([...portConflictModes, 'kill', undefined, null].map(portConflictMode), [
      'ask',
      'useFreePort',
      'fail',
      'ask',
      'ask',
      'ask',
    ]);
  });
});
