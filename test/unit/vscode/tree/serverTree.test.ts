import assert from 'node:assert/strict';
import { TreeItem, TreeItemCollapsibleState } from 'vscode';
import { beforeEach, describe, it } from 'vitest';
import { HiddenServers } from '../../../../src/vscode/tree/hiddenServers.js';
import { PreferredServers } from '../../../../src/vscode/tree/preferredServers.js';
import { ServerFilter } from '../../../../src/vscode/tree/serverFilter.js';
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
    const preferred = new PreferredServers(new FakeMemento());
    const filter = new ServerFilter();
    const tree = new ServerTree({
      registry,
      l10n: english,
      timer: time,
      moment: () => ({ now: time.now(), tick: time.tick() }),
      hidden: new HiddenServers(new FakeMemento(), registry),
      preferred,
      filter,
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
    return { registry, time, tree, drawn, rows, preferred, filter };
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

  it('counts down once a second, except while the tooltip of the row is read, which the editor would close', async () => {
    const { registry, time, tree, drawn } = await world();
    await registry.reserve('shop/web', 'run 1');
    const process = { pid: 7, startTime: '1', bootId: 'b' };
    const run = { id: 'run 1', process, startedAt: 0, startedTick: 0 };
    await registry.dispatch('shop/web', { kind: 'spawned', run });
    const restart = { kind: 'planned', delayMs: 60_000 } as const;
    const exit = { kind: 'code', code: 1 } as const;
    const crash = { exit, interrupted: false, tail: ['Error'], at: time.now(), restart };
    await registry.dispatch('shop/web', { kind: 'ended', runId: 'run 1', end: crash, survivors: [] });
    await time.pass(300);
    drawn.splice(0);
    const drawnIn = async (seconds: number): Promise<number> => {
      for (let second = 0; second < seconds; second += 1) await time.pass(1000);
      return drawn.splice(0).length;
    };
    const counted = await drawnIn(3);
    tree.resolveTreeItem(new TreeItem('web'), { kind: 'server', id: 'shop/web' });
    const whileRead = await drawnIn(9);
    const after = await drawnIn(3);
    tree.resolveTreeItem(new TreeItem('web'), { kind: 'server', id: 'shop/web' });
    await registry.dispatch('shop/web', { kind: 'cancelRestart' });
    assert.deepEqual([counted, whileRead, after, await drawnIn(1)], [3, 0, 3, 1]);
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

  it('is redrawn when a group appears', async () => {
    const { registry, time, drawn } = await world();
    await registry.define([definition('shop/web'), definition('shop/job', { group: 'jobs' })]);
    await time.pass(100);
    assert.deepEqual(drawn, ['all']);
  });

  it('redraws only the parents of rows that appear, disappear or fold, so that the editor forgets no others', async () => {
    const { registry, time, drawn, tree, filter } = await world();
    const define = async (...names: readonly string[]): Promise<void> => {
      await registry.define([
        definition('blog/dev', { folder: 'blog' }),
        ...names.map((name) => definition(`shop/${name}`)),
        definition('shop/job', { group: 'jobs' }),
      ]);
      await time.pass(300);
    };
    await define('web');
    const [, shop] = await tree.getChildren();
    assert.ok(shop);
    tree.getTreeItem(shop);
    drawn.splice(0);
    await define('web', 'api');
    await define('api');
    filter.words = 'api';
    await time.pass(300);
    assert.deepEqual(drawn, ['shop/api shop', 'shop', 'all']);
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

  it('finds the parent of each row, which the editor needs to reveal a row', async () => {
    const { tree } = await world();
    const [group] = await tree.getChildren();
    const [server] = await tree.getChildren(group);
    assert.ok(group && server);
    assert.deepEqual([tree.getParent(server) === group, tree.getParent(group)], [true, undefined]);
  });

  describe('of a large workspace', () => {
    const ids = Array.from({ length: 20 }, (_, index) => `shop/apps/p${index}`);
    const label = (item: { readonly id?: string; readonly collapsibleState?: unknown }): unknown => [
      item.id,
      item.collapsibleState,
    ];

    async function large() {
      const made = await world();
      const servers = ids.flatMap((id) =>
        ['dev', 'preview'].map((name) =>
          definition(`${id}:${name}`, { name, subfolder: id.replace('shop/', '') }),
        ),
      );
      await made.registry.define(servers);
      const groups = async (): Promise<unknown[]> =>
        (await made.tree.getChildren()).slice(0, 4).map((element) => label(made.tree.getTreeItem(element)));
      const find = (id: string) => made.registry.get(id).definition;
      return { ...made, groups, find };
    }

    it('has running, pinned and recent packages on top, open, and folds the others', async () => {
      const { registry, preferred, groups, find } = await large();
      await preferred.addRecent([find('shop/apps/p9:dev')]);
      await preferred.setPinned(find('shop/apps/p7:dev'), true);
      await registry.reserve('shop/apps/p8:dev', 'run 1');
      assert.deepEqual(await groups(), [
        ['group:shop/apps/p8:open', TreeItemCollapsibleState.Expanded],
        ['group:shop/apps/p7:open', TreeItemCollapsibleState.Expanded],
        ['group:shop/apps/p9:open', TreeItemCollapsibleState.Expanded],
        ['group:shop/apps/p0:folded', TreeItemCollapsibleState.Collapsed],
      ]);
    });

    it('shows only servers that match the filter, and all servers of a package that matches', async () => {
      const { filter, rows, tree } = await large();
      filter.words = 'P1 apps dev';
      const found = await rows();
      assert.deepEqual([found.length, found[0]], [11, 'server shop/apps/p1:dev']);
      filter.words = 'apps/p19';
      assert.deepEqual(await rows(), ['group shop/apps/p19']);
      const [package19] = await tree.getChildren();
      assert.ok(package19);
      assert.deepEqual(
        [await rows(package19), label(tree.getTreeItem(package19))],
        [
          ['server shop/apps/p19:dev', 'server shop/apps/p19:preview'],
          ['group:shop/apps/p19:filtered', TreeItemCollapsibleState.Expanded],
        ],
      );
      filter.words = '';
      assert.equal((await rows()).length, 20);
    });
  });

  it('of a small workspace keeps the order of its folders, but for pinned servers', async () => {
    const { registry, preferred, rows } = await world();
    await registry.define([
      definition('shop/a', { subfolder: 'a' }),
      definition('shop/b', { subfolder: 'b' }),
      definition('shop/c', { subfolder: 'c' }),
    ]);
    await registry.reserve('shop/b', 'run 1');
    const before = await rows();
    await preferred.setPinned(registry.get('shop/c').definition, true);
    assert.deepEqual(
      [before, await rows()],
      [
        ['server shop/a', 'server shop/b', 'server shop/c'],
        ['server shop/c', 'server shop/a', 'server shop/b'],
      ],
    );
  });
});
