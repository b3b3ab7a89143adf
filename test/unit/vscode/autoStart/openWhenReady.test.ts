import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Origin } from '../../../../src/core/server/origin.js';
import type { ServerState } from '../../../../src/core/server/state.js';
import { openWhenReady } from '../../../../src/vscode/autoStart/openWhenReady.js';
import { definition, endpoint } from '../../core/support/fakes.js';
import type { ServerRecord, Snapshot } from '../../../../src/core/registry/snapshot.js';

const ready = (id: string, url: string, startedBy?: Origin): ServerState => ({
  kind: 'ready',
  run: {
    id,
    process: { pid: 1, startTime: '1', bootId: 'b' },
    startedAt: 0,
    startedTick: 0,
    ...(startedBy && { startedBy }),
  },
  endpoint: endpoint(url),
});
const stopped: ServerState = { kind: 'stopped', lastEnd: undefined };

/** Returns the URLs that are opened while a server goes through these states. */
function opened(states: readonly ServerState[], wants = true): readonly string[] {
  const urls: string[] = [];
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const current: Snapshot = { version: 0, closed: false, servers: [] };
  const log = { info: () => undefined, error: () => undefined };
  const registry = {
    current,
    onDidChange: (listener: (snapshot: Snapshot) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const opening = openWhenReady(registry, log, (url) => {
    urls.push(url);
    return Promise.resolve(true);
  });
  for (const [version, state] of states.entries()) {
    const record: ServerRecord = {
      definition: definition('a', { openWhenReady: wants }),
      state,
      retired: false,
    };
    for (const listener of listeners) listener({ version, closed: false, servers: [record] });
  }
  opening.dispose();
  assert.equal(listeners.size, 0);
  return urls;
}

const [one, two] = ['http://localhost:1/', 'http://localhost:2/'];

describe('an address that is to be opened', () => {
  it('is opened once for each start by a person, however often it moves or recovers', () => {
    const first = ready('run-1', one);
    const silent: ServerState = {
      ...first,
      kind: 'unhealthy',
      problem: { kind: 'silent', attempts: [] },
    } as ServerState;
    assert.deepEqual(opened([stopped, first, silent, first, ready('run-1', two)]), [one]);
    assert.deepEqual(opened([first, stopped, ready('run-2', one)]), [one, one]);
  });

  it('is not opened after a restart by itself, a start with the window, or one by an agent', () => {
    const origins: readonly Origin[] = [
      { kind: 'restart', of: { kind: 'user' } },
      { kind: 'autoStart' },
      { kind: 'agent', name: 'x', caller: 'x' },
    ];
    for (const origin of origins) assert.deepEqual(opened([ready('run-1', one, origin)]), []);
    assert.deepEqual(opened([ready('run-1', one, { kind: 'user' })]), [one]);
  });

  it('is not opened where nobody wants it, and only in a browser', () => {
    assert.deepEqual(opened([ready('run-1', one)], false), []);
    assert.deepEqual(opened([ready('run-1', 'tcp://localhost:1')]), []);
  });
});
