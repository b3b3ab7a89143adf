import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { LogStore } from '../../../src/core/logs/logStore.js';
import { createPublicApi } from '../../../src/composition/publicApi.js';
import { agentWorld } from '../core/agents/agentWorld.js';

describe('the API for other extensions', () => {
  it('returns a server that it has stopped, also one that is not defined any more', async () => {
    const { registry, lifecycle, tools, time } = await agentWorld();
    const workspace = { whenScanned: () => Promise.resolve() } as never;
    const api = createPublicApi({ tools, registry, logs: {} as LogStore, clock: time, workspace });
    await lifecycle.start('a');
    await lifecycle.start('b');
    await registry.define(
      registry.current.servers.map((each) => each.definition).filter(({ id }) => id !== 'a'),
    );
    const stopped = [await api.stop('a'), await api.stop('b')];
    assert.deepEqual(
      stopped.map(({ id, state }) => `${id}: ${state}`),
      ['a: stopped', 'b: stopped'],
    );
  });
});
