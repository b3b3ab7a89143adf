import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Outcome } from '../../../../src/core/lifecycle/outcome.js';
import { waitInQueue } from '../../../../src/core/dependencies/startQueue.js';
import type { Registry } from '../../../../src/core/registry/registry.js';
import type { LiveRun, ServerState } from '../../../../src/core/server/state.js';
import { definition } from '../support/fakes.js';
import type { ServerRecord, Snapshot } from '../../../../src/core/registry/snapshot.js';

const run: LiveRun = {
  id: 'api-1',
  process: { pid: 42, startTime: '7', bootId: 'b' },
  startedAt: 1,
  startedTick: 2,
};
const web = definition('web', { dependsOn: ['api'] });
const queued: ServerState = { kind: 'queued', runId: 'web-1', waitsFor: ['api'] };
const starting: ServerState = { kind: 'starting', run };
const ready: ServerState = { kind: 'ready', run, endpoint: undefined };

type Records = Readonly<Record<string, ServerRecord>>;
const recordsOf = (own: ServerState | undefined, api: ServerState | undefined): Records => ({
  ...(own && { web: { definition: web, state: own, retired: false } }),
  ...(api && { api: { definition: definition('api'), state: api, retired: false } }),
});

/** Queues `web` behind `api`, whose start has ended; `change` publishes other states. */
function waiting(
  records: Records,
  start: Promise<Outcome | undefined> = Promise.resolve({ kind: 'started' }),
) {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let current = records;
  const registry: Pick<Registry, 'find' | 'onDidChange'> = {
    find: (id) => current[id],
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const starts = new Map([['api', start]]);
  return {
    listeners,
    turn: waitInQueue(registry, {
      id: 'web',
      runId: 'web-1',
      definition: web,
      starts,
      restartOf: () => undefined,
    }),
    change: (next: Records): void => {
      current = next;
      for (const listener of listeners) listener({ version: 1, closed: false, servers: [] });
    },
  };
}

const never = new Promise<never>(() => undefined);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the wait for the turn of a start', () => {
  it('ends at once when everything is ready, and unsubscribes', async () => {
    const { turn, listeners } = waiting(recordsOf(queued, ready), never);
    assert.deepEqual([await turn, listeners.size], [{ kind: 'go' }, 0]);
  });

  it('ends when everything becomes ready, and unsubscribes', async () => {
    const { turn, change, listeners } = waiting(recordsOf(queued, starting));
    await settled();
    const before = listeners.size;
    change(recordsOf(queued, ready));
    assert.deepEqual([before, await turn, listeners.size], [1, { kind: 'go' }, 0]);
  });

  it('ends when another caller resumes the start', async () => {
    const { turn, change } = waiting(recordsOf(queued, starting));
    change(recordsOf({ kind: 'reserved', runId: 'web-1' }, starting));
    assert.deepEqual(await turn, { kind: 'go' });
  });

  it('is lost when the server leaves the queue for any reason', async () => {
    const others: (ServerState | undefined)[] = [
      undefined,
      { kind: 'stopped', lastEnd: undefined },
      { ...queued, runId: 'web-2' },
      { kind: 'reserved', runId: 'web-2' },
    ];
    for (const state of others) {
      const { turn, change } = waiting(recordsOf(queued, starting));
      change(recordsOf(state, starting));
      assert.deepEqual(await turn, { kind: 'lost' });
    }
  });

  it('fails when a dependency goes down after its start, but not before', async () => {
    const down: (ServerState | undefined)[] = [
      undefined,
      { kind: 'stopped', lastEnd: undefined },
      { kind: 'stopping', run },
      { kind: 'stopFailed', run, survivors: [] },
      { kind: 'unhealthy', run, endpoint: undefined, problem: { kind: 'silent', attempts: [] } },
    ];
    for (const state of down) {
      const before = waiting(recordsOf(queued, state), never);
      await settled();
      assert.equal(before.listeners.size, 1, state?.kind);
      assert.deepEqual(await waiting(recordsOf(queued, state)).turn, { kind: 'down', dependency: 'api' });
    }
  });

  it('fails when the start of a dependency is refused or declined', async () => {
    const error = new Error('no');
    assert.deepEqual(
      [
        await waiting(recordsOf(queued, starting), Promise.reject(error)).turn,
        await waiting(recordsOf(queued, starting), Promise.resolve(undefined)).turn,
      ],
      [
        { kind: 'refused', dependency: 'api', error },
        { kind: 'declined', dependency: 'api' },
      ],
    );
  });

  it('ends when the dependencies of the server change, but not after other changes', async () => {
    const { turn, change, listeners } = waiting(recordsOf(queued, starting));
    const changed = (more: object): Records => ({
      ...recordsOf(queued, starting),
      web: { definition: definition('web', more), state: queued, retired: false },
    });
    change(changed({ dependsOn: ['api'], port: 3000 }));
    assert.equal(listeners.size, 1);
    change(changed({ dependsOn: ['api', 'db'] }));
    assert.deepEqual(await turn, { kind: 'go' });
  });
});
