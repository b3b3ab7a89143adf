import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import { HiddenServers } from '../../../../src/vscode/tree/hiddenServers.js';
import { ServerTree, type TreeElement } from '../../../../src/vscode/tree/serverTree.js';
import { FakeTime } from '../../core/support/fakeTime.js';
import { definition, english, world as registryWorld } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';
import { FakeMemento } from '../support/fakeMemento.js';

const failure = { reason: 'spawnFailed', message: 'no such program', at: 0 } as const;

describe('the tree of servers', () => {
  beforeEach(() => editor.reset('shop', 'blog'));

  async function world() {
    const { registry } = await registryWorld();
    await registry.define(['shop/web', 'shop/api'].map((id) => definition(id)));
    const time = new FakeTime();
    const tree = new ServerTree({
      registry,
      l10n: english,
      timer: time,
      moment: () => ({ now: time.now(), tick: time.tick() }),
      hidden: new HiddenServers(new FakeMemento(), registry),
      whenScanned: () => Promise.resolve(),
    });
    /** The rows that were drawn again, each time; `all` for the whole tree. */
    const drawn: string[] = [];
    tree.onDidChangeTreeData((changed) =>
      drawn.push(
        [changed ?? []]
          .flat()
          .map(({ id }) => id)
          .join(' ') || 'all',
      ),
    );
    const rows = async (element?: TreeElement): Promise<string[]> =>
      (await tree.getChildren(element)).map(({ kind, id }) => `${kind} ${id}`);
    return { registry, time, tree, drawn, rows };
  }

  it('draws changes together, at most every 250 ms, and only the rows that changed', async () => {
    const { registry, time, drawn } = await world();
    await time.pass(1000);
    await registry.reserve('shop/web', 'run 1');
    await registry.reserve('shop/api', 'run 2');
    const waits = [time.waits];
    await time.pass(16);
    await registry.dispatch('shop/web', { kind: 'failed', runId: 'run 1', ...failure });
    waits.push(time.waits);
    await time.pass(250);
    assert.deepEqual({ drawn, waits }, { drawn: ['shop/web shop/api', 'shop/web'], waits: [[16], [250]] });
  });

  it('draws the row of a group together with its servers, and only when it looks different', async () => {
    const { registry, time, tree, drawn } = await world();
    const [group] = await tree.getChildren();
    assert.ok(group);
    tree.getTreeItem(group);
    await registry.reserve('shop/web', 'run 1');
    await time.pass(250);
    const changed = drawn.splice(0);
    tree.getTreeItem(group);
    await registry.dispatch('shop/web', { kind: 'failed', runId: 'run 1', ...failure });
    await registry.reserve('shop/web', 'run 2');
    await time.pass(250);
    assert.deepEqual([changed, drawn], [['shop/web shop/'], ['shop/web']]);
  });

  it('is drawn anew when a group comes', async () => {
    const { registry, time, drawn } = await world();
    await registry.define([definition('shop/web'), definition('shop/job', { group: 'jobs' })]);
    await time.pass(100);
    assert.deepEqual(drawn, ['all']);
  });

  it('has rows for folders only when there are several, and none for the group of a folder itself', async () => {
    const { registry, rows, tree } = await world();
    const one = await rows();
    await registry.define([
      definition('shop/web'),
      definition('shop/job', { group: 'jobs' }),
      definition('blog/dev', { folder: 'blog' }),
    ]);
    const [shop] = await tree.getChildren();
    assert.deepEqual(
      [one, await rows(), await rows(shop)],
      [['group shop/'], ['folder shop', 'folder blog'], ['server shop/web', 'group shop:jobs']],
    );
  });

  it('finds the row above each row, by which the editor reveals one', async () => {
    const { tree } = await world();
    const [group] = await tree.getChildren();
    const [server] = await tree.getChildren(group);
    assert.ok(group && server);
    assert.deepEqual([tree.getParent(server) === group, tree.getParent(group)], [true, undefined]);
  });
});
