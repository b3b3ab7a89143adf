import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Origin } from '../../../../src/core/server/origin.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import type { ServerState } from '../../../../src/core/server/state.js';
import { openWhenReady } from '../../../../src/vscode/autoStart/openWhenReady.js';
import { definition, endpoint } from '../../core/support/fakes.js';
import { FakeTime } from '../../core/support/fakeTime.js';
import type { ServerRecord, Snapshot } from '../../../../src/core/registry/snapshot.js';

const ready = (id: string, url: string, startedBy?: Origin, isPage = true): ServerState => ({
  kind: 'ready',
  run: {
    id,
    process: { pid: 1, startTime: '1', bootId: 'b' },
    startedAt: 0,
    startedTick: 0,
    ...(startedBy && { startedBy }),
  },
  endpoint: endpoint(url, isPage ? { isPage } : {}),
});
const api = (id: string, url: string): ServerState => ready(id, url, undefined, false);
const stopped: ServerState = { kind: 'stopped', lastEnd: undefined };

/** Returns the URLs that are opened while a server goes through these states, with a pause at each number, milliseconds. */
async function opened(
  steps: readonly (ServerState | number)[],
  more: Partial<ServerDefinition> | 'unset' = {},
  mode: 'never' | 'once' | 'always' = 'never',
): Promise<readonly string[]> {
  const urls: string[] = [];
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let record: ServerRecord | undefined;
  const registry = {
    find: () => record,
    onDidChange: (listener: (snapshot: Snapshot) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const timer = new FakeTime();
  const opening = openWhenReady({
    registry,
    timer,
    mode: () => mode,
    log: { info: () => undefined, error: () => undefined },
    open: (url) => {
      urls.push(url);
      return Promise.resolve(true);
    },
  });
  for (const [version, step] of steps.entries()) {
    if (typeof step === 'number') {
      await timer.pass(step);
      continue;
    }
    const changed = {
      definition: definition('a', more === 'unset' ? {} : { openWhenReady: true, ...more }),
      state: step,
      retired: false,
    };
    record = changed;
    for (const listener of listeners) listener({ version, closed: false, servers: [changed] });
  }
  opening.dispose();
  assert.deepEqual([listeners.size, timer.waits], [0, []]);
  return urls;
}

const [one, two] = ['http://localhost:1/', 'http://localhost:2/'];

describe('an address that is to be opened', () => {
  it('is the page if an API answers first, and the API if no page comes in time', async () => {
    const both = [api('run-1', one), 2000, ready('run-1', two), 2000];
    assert.deepEqual(await opened(both), [two]);
    assert.deepEqual(await opened([api('run-1', one), 2000]), []);
    assert.deepEqual(await opened([api('run-1', one), 2000, api('run-1', two), 1000, ready('run-1', one)]), [
      two,
    ]);
    assert.deepEqual(await opened([api('run-1', one), stopped, 3000, api('run-2', two), 3000]), [two]);
  });

  it('is opened at once where the user has configured it', async () => {
    assert.deepEqual(await opened([api('run-1', one)], { url: one }), [one]);
  });

  it('is opened once for each start by the user, even if it moves or recovers', async () => {
    const first = ready('run-1', one);
    const silent: ServerState = {
      ...first,
      kind: 'unhealthy',
      problem: { kind: 'silent', attempts: [] },
    } as ServerState;
    assert.deepEqual(await opened([stopped, first, silent, first, ready('run-1', two)]), [one]);
    assert.deepEqual(await opened([first, stopped, ready('run-2', one)]), [one, one]);
  });

  it('is not opened after an automatic restart, a start with the window, or a start by an agent', async () => {
    const origins: readonly Origin[] = [
      { kind: 'restart', of: { kind: 'user' } },
      { kind: 'autoStart' },
      { kind: 'agent', name: 'x', caller: 'x' },
    ];
    for (const origin of origins) assert.deepEqual(await opened([ready('run-1', one, origin)]), []);
    assert.deepEqual(await opened([ready('run-1', one, { kind: 'user' })]), [one]);
  });

  it('is not opened without the option, and only if a browser can open it', async () => {
    assert.deepEqual(await opened([ready('run-1', one)], { openWhenReady: false }), []);
    assert.deepEqual(await opened([ready('run-1', 'tcp://localhost:1')]), []);
  });

  it('is opened by the setting if the server does not set the option', async () => {
    const starts = [ready('run-1', one), stopped, ready('run-2', one)];
    assert.deepEqual(await opened(starts, 'unset', 'never'), []);
    assert.deepEqual(await opened(starts, 'unset', 'once'), [one]);
    assert.deepEqual(await opened(starts, 'unset', 'always'), [one, one]);
    assert.deepEqual(await opened(starts, { openWhenReady: false }, 'always'), []);
  });
});
