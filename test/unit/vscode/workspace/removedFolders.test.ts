import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { stopInRemovedFolders } from '../../../../src/vscode/workspace/removedFolders.js';
import { definition, world } from '../../core/support/fakes.js';
import { editor, events } from '../support/fakeEditor.js';

/** The servers of the workspace folders `shop/web` and `blog`, and one in a worktree of the checkout `shop`. */
const servers: Readonly<Record<string, Partial<ServerDefinition>>> = {
  web: { cwd: '/shop/web/api' },
  blog: { cwd: '/blog' },
  fix: { cwd: '/fix/web', worktree: { root: '/fix', original: '/shop/web', folder: '/fix/web' } },
};

describe('the servers of a folder that is removed', () => {
  beforeEach(() => editor.reset('shop/web', 'blog'));

  async function stoppedWithout(...left: readonly string[]): Promise<readonly string[]> {
    const { registry, lifecycle } = await world();
    await registry.define(Object.entries(servers).map(([id, more]) => definition(id, more)));
    for (const id of Object.keys(servers)) await lifecycle.start(id);
    const stopped: string[] = [];
    const stopAll = (ids: readonly string[]): Promise<[]> => {
      stopped.push(...ids);
      return Promise.resolve([]);
    };
    stopInRemovedFolders(registry, { stopAll } as never, { info: () => undefined, error: () => undefined });
    editor.setFolders(...left);
    events.folders.fire({ removed: [] });
    return stopped;
  }

  it('keep running without the setting', async () => {
    assert.deepEqual(await stoppedWithout('shop/web'), []);
  });

  it('are stopped with the setting, including those of its worktrees, and no others', async () => {
    editor.changeSettings({ 'devServers.removedFolders': 'stop' });
    assert.deepEqual(await stoppedWithout('shop/web'), ['blog']);
    assert.deepEqual(await stoppedWithout('blog'), ['web', 'fix']);
  });
});
