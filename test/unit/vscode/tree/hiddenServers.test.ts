import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { HiddenServers } from '../../../../src/vscode/tree/hiddenServers.js';
import { definition, world as registryWorld } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';
import { FakeMemento } from '../support/fakeMemento.js';

const web = definition('shop/web', { cwd: '/shop' });
const api = definition('shop/api', { cwd: '/shop' });

describe('hidden servers', () => {
  beforeEach(() => editor.reset('shop', 'blog'));

  async function world({ memento = new FakeMemento() } = {}) {
    const { registry } = await registryWorld();
    await registry.define([web, api]);
    const hidden = new HiddenServers(memento, registry);
    let changes = 0;
    hidden.onDidChange(() => (changes += 1));
    const shown = (): string[] => hidden.shown(registry.current.servers).map(({ definition: { id } }) => id);
    return { registry, memento, hidden, shown, changes: () => changes };
  }

  it('are not listed until they are listed again', async () => {
    const { hidden, shown, changes } = await world();
    const seen = [shown()];
    await hidden.setHidden(web, true);
    seen.push(shown());
    await hidden.setHidden(web, false);
    seen.push(shown());
    assert.deepEqual(
      [seen, changes()],
      [[['shop/web', 'shop/api'], ['shop/api'], ['shop/web', 'shop/api']], 2],
    );
  });

  it('are listed while they run, so that they can be stopped', async () => {
    const { registry, hidden, shown } = await world();
    await hidden.setHidden(web, true);
    await registry.reserve('shop/web', 'run 1');
    assert.deepEqual(shown(), ['shop/web', 'shop/api']);
  });

  it('are listed for as long as the user wants to see them', async () => {
    const { hidden, shown } = await world();
    await hidden.setHidden(web, true);
    hidden.showsHidden = true;
    const all = shown();
    hidden.showsHidden = false;
    assert.deepEqual([all, shown(), hidden.isHidden(web)], [['shop/web', 'shop/api'], ['shop/api'], true]);
  });

  it('control the buttons of the toolbar', async () => {
    const { hidden } = await world();
    const contexts = [{ ...editor.contexts }];
    await hidden.setHidden(web, true);
    contexts.push({ ...editor.contexts });
    hidden.showsHidden = true;
    contexts.push({ ...editor.contexts });
    assert.deepEqual(contexts, [
      {},
      { 'devServers.hasHidden': true, 'devServers.hasShown': true, 'devServers.showsHidden': false },
      { 'devServers.hasHidden': true, 'devServers.hasShown': true, 'devServers.showsHidden': true },
    ]);
  });

  it('leave an empty view only when all servers are hidden', async () => {
    const { hidden } = await world();
    await hidden.setHidden(web, true);
    const one = editor.contexts['devServers.hasShown'];
    await hidden.setHidden(api, true);
    assert.deepEqual([one, editor.contexts['devServers.hasShown']], [true, false]);
  });

  it('stay hidden in a window in which their folder has another name', async () => {
    const { memento, hidden } = await world();
    await hidden.setHidden(web, true);
    const renamed: ServerDefinition = { ...web, id: 'store/web', folder: 'store' };
    const elsewhere: ServerDefinition = { ...web, id: 'blog/web', folder: 'blog', cwd: '/blog' };
    const next = (await world({ memento })).hidden;
    assert.deepEqual([next.isHidden(renamed), next.isHidden(elsewhere)], [true, false]);
  });

  it('return the same list for the same servers, so that the tree is not redrawn', async () => {
    const { registry, hidden } = await world();
    await hidden.setHidden(web, true);
    const { servers } = registry.current;
    assert.equal(hidden.shown(servers), hidden.shown(servers));
    await hidden.setHidden(web, false);
    assert.equal(hidden.shown(servers), servers);
  });

  it('ignore changes of servers once disposed of', async () => {
    const { registry, hidden } = await world();
    await hidden.setHidden(web, true);
    hidden.dispose();
    await registry.define([api]);
    assert.equal(editor.contexts['devServers.hasHidden'], true);
  });
});
