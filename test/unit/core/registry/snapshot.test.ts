import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Snapshot } from '../../../../src/core/registry/snapshot.js';
import type { Registry } from '../../../../src/core/registry/registry.js';
import { definition, world } from '../support/fakes.js';

const ids = Array.from({ length: 100 }, (_, index) => `server-${index}`);

async function filled(): Promise<Registry> {
  const { registry } = await world();
  await registry.define(ids.map((id) => definition(id)));
  return registry;
}

const listedIds = ({ servers }: Snapshot): string[] => servers.map(({ definition: { id } }) => id);

describe('the records of servers', () => {
  it('are found by id and listed in the order in which they came', async () => {
    const registry = await filled();
    const found = ids.map((id) => registry.find(id)?.definition.id);
    assert.deepEqual([listedIds(registry.current), found, registry.find('x')], [ids, ids, undefined]);
  });

  it('keep the position of a replaced record, and share all others with the snapshot before', async () => {
    const registry = await filled();
    const before = registry.current;
    await registry.reserve('server-40', 'r');
    const after = registry.current;
    const changed = after.servers.filter((record, index) => record !== before.servers[index]);
    assert.deepEqual([listedIds(after), changed], [ids, [registry.find('server-40')]]);
  });

  it('forget one that is no longer defined', async () => {
    const registry = await filled();
    const others = ids.filter((id) => id !== 'server-31');
    await registry.define(others.map((id) => definition(id)));
    assert.deepEqual([listedIds(registry.current), registry.find('server-31')], [others, undefined]);
  });

  it('do not change in a snapshot that was taken before', async () => {
    const registry = await filled();
    const before = registry.current;
    await registry.reserve('server-0', 'r');
    await registry.define([]);
    assert.deepEqual(
      [listedIds(before), before.servers[0]?.state.kind, listedIds(registry.current)],
      [ids, 'stopped', ['server-0']],
    );
  });

  it('are frozen, with their list', async () => {
    const { servers } = (await filled()).current;
    const isFrozen = [servers, ...servers].map((value) => Object.isFrozen(value));
    assert.deepEqual(new Set(isFrozen), new Set([true]));
  });
});
