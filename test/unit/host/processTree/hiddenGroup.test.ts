import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { HiddenGroup } from '../../../../src/host/processTree/hiddenGroup.js';
import type { Platform } from '../../../../src/host/platform/platform.js';
import { SharedQuery } from '../../../../src/host/system/sharedQuery.js';

const root = { name: 'r', process: { pid: 4711, startTime: '5', bootId: 'b' }, parent: 1 };

describe('a group of which no scan finds a process', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function world() {
    const system = { exists: true, leader: undefined as string | undefined, kills: 0 };
    const platform: Pick<Platform, 'hasSessionLeaders' | 'groupExists' | 'identify' | 'killGroup'> = {
      hasSessionLeaders: true,
      groupExists: () => system.exists,
      identify: async (pid) =>
        system.leader === undefined ? undefined : { pid, startTime: system.leader, bootId: 'b' },
      killGroup: () => (system.kills += 1),
    };
    const table = new SharedQuery(() => Promise.resolve([]), { effort: () => 0 });
    return { system, group: new HiddenGroup(root, platform as Platform, table) };
  }

  /** Resolves with whether the group was killed. */
  async function kills({ system, group }: ReturnType<typeof world>): Promise<boolean> {
    const killing = group.kill();
    await vi.advanceTimersByTimeAsync(100);
    const isKilled = await killing;
    group.dispose();
    assert.equal(isKilled, system.kills > 0);
    return isKilled;
  }

  it('is killed, even if its leader is a zombie', async () => {
    assert.equal(await kills(world()), true);
    const withLeader = world();
    withLeader.system.leader = '5';
    assert.equal(await kills(withLeader), true);
  });

  it('belongs to another program if it did not exist for a moment', async () => {
    const { system, group } = world();
    system.exists = false;
    await vi.advanceTimersByTimeAsync(10);
    system.exists = true;
    assert.equal(await kills({ system, group }), false);
  });

  it('belongs to another program if another process has its number', async () => {
    const { system, group } = world();
    system.leader = '9';
    assert.equal(await kills({ system, group }), false);
    // The other one may have ended, but not its children.
    system.leader = undefined;
    assert.equal(await group.kill(), false);
  });
});
