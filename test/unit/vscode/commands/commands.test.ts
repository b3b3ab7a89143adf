import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { beforeEach, describe, it } from 'vitest';
import { commandIds, type RunCommand } from '../../../../src/vscode/commands/commandIds.js';
import { showQuickActions } from '../../../../src/vscode/commands/quickActions.js';
import { registerCommands } from '../../../../src/vscode/commands/registerCommands.js';
import { pickServer, serverItems } from '../../../../src/vscode/commands/serverPick.js';
import { HiddenServers } from '../../../../src/vscode/tree/hiddenServers.js';
import { definition, english, world as registryWorld } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';
import { FakeMemento } from '../support/fakeMemento.js';

const preferred = { isPinned: () => false, recency: (): number | undefined => undefined };
const deps = { l10n: english, moment: () => ({ now: 0, tick: 0 }), preferred };

async function servers() {
  const { registry } = await registryWorld();
  await registry.define([
    definition('shop/web', { name: 'web' }),
    definition('shop/packages/api:dev', { name: 'dev', subfolder: 'packages/api' }),
    definition('shop/job', { name: 'job' }),
  ]);
  return registry;
}

/** An item of a quick pick as text, without its icon. */
function label(item: unknown): string {
  return (item as { readonly label: string }).label.replace(/^\$\([^)]*\) /u, '');
}

describe('the commands', () => {
  beforeEach(() => editor.reset('shop'));

  it('are all registered, and pass on their arguments', async () => {
    const calls: Parameters<RunCommand>[] = [];
    const disposables = registerCommands((...call) => Promise.resolve(calls.push(call)), english);
    assert.deepEqual([...editor.handlers.keys()], [...commandIds]);
    await commands.executeCommand('devServers.stop', 'shop/web');
    await commands.executeCommand('devServers.stopAll');
    assert.deepEqual(calls, [
      ['devServers.stop', 'shop/web', undefined],
      ['devServers.stopAll', undefined, undefined],
    ]);
    for (const each of disposables) each.dispose();
    assert.equal(editor.handlers.size, 0);
  });

  it('are not run for a row that the editor has just forgotten, and do not ask for another server', async () => {
    const calls: Parameters<RunCommand>[] = [];
    registerCommands((...call) => Promise.resolve(calls.push(call)), english);
    const web = { kind: 'server', id: 'shop/web' };
    // As the editor calls for a row, for one of several selected ones, from the title of the view and from the palette.
    await commands.executeCommand('devServers.stop', undefined, undefined);
    await commands.executeCommand('devServers.stop', web, [web, undefined]);
    await commands.executeCommand('devServers.stopAll', undefined, undefined);
    await commands.executeCommand('devServers.stop');
    assert.deepEqual(
      [calls, editor.messages],
      [
        [
          ['devServers.stop', web, [web]],
          ['devServers.stopAll', undefined, undefined],
          ['devServers.stop', undefined, undefined],
        ],
        ['The list has just been updated. Click again.'],
      ],
    );
  });
});

describe('the choice of a server', () => {
  beforeEach(() => editor.reset('shop'));

  it('lists servers below the name of their package', async () => {
    const registry = await servers();
    const items = serverItems(registry.current.servers, deps);
    assert.deepEqual(
      items.map((item) => (item.record ? `  ${item.record.definition.id}` : item.label)),
      ['shop', '  shop/web', '  shop/job', 'packages/api', '  shop/packages/api:dev'],
    );
  });

  it('finds a server by words of its folder and its port, and lists recently used ones first', async () => {
    const registry = await servers();
    await registry.define([
      ...registry.current.servers.map((record) => record.definition),
      definition('shop/apps/auth:dev', { name: 'dev', subfolder: 'apps/auth', port: 3000 }),
    ]);
    const last = {
      isPinned: () => false,
      recency: ({ id }: { id: string }) => (id === 'shop/job' ? 0 : undefined),
    };
    const lists: string[][] = [];
    editor.answer = (_question, items) => void lists.push(items.map(label));
    await pickServer(registry.current.servers, 'Choose', { ...deps, preferred: last });
    editor.typed = 'auth 30';
    await pickServer(registry.current.servers, 'Choose', { ...deps, preferred: last });
    assert.deepEqual([lists[0]?.slice(0, 2), lists[1]], [['recently used', 'shop: job'], ['auth: dev']]);
  });

  it('returns the chosen record, and nothing when the list is dismissed', async () => {
    const registry = await servers();
    const pick = () => pickServer(registry.current.servers, 'Choose', deps);
    const dismissed = await pick();
    editor.answer = (_question, items) => items.at(-1);
    assert.deepEqual([dismissed, (await pick())?.definition.id], [undefined, 'shop/packages/api:dev']);
  });

  it('notifies the user when there is nothing to choose', async () => {
    const questions: string[] = [];
    editor.answer = (question) => void questions.push(question);
    assert.equal(await pickServer([], 'Choose', deps), undefined);
    assert.equal(editor.messages.length, 1);
    assert.deepEqual(questions, editor.messages);
  });
});

describe('the menu of the status bar', () => {
  beforeEach(() => editor.reset('shop'));

  async function world() {
    const registry = await servers();
    const hidden = new HiddenServers(new FakeMemento(), registry);
    const offered: string[][] = [];
    /** Opens the menu and chooses these, one after the other. */
    const choose = async (...wanted: readonly string[]): Promise<void> => {
      const left = [...wanted];
      editor.answer = (_question, items) => {
        offered.push(items.map(label));
        const next = left.shift();
        return items.find((item) => next !== undefined && label(item).includes(next));
      };
      await showQuickActions(registry, hidden, deps);
    };
    return { registry, hidden, offered, choose };
  }

  it('starts a server that is down', async () => {
    const { choose } = await world();
    await choose('job');
    assert.deepEqual(editor.executed, [['devServers.start', 'shop/job']]);
  });

  it('offers actions for a running server', async () => {
    const { registry, choose } = await world();
    await registry.reserve('shop/web', 'run 1');
    await choose('web', 'Restart');
    assert.deepEqual(editor.executed, [['devServers.restart', 'shop/web']]);
  });

  it('offers to stop all only when there is something to stop, and no hidden server', async () => {
    const { registry, hidden, offered, choose } = await world();
    await hidden.setHidden(registry.get('shop/job').definition, true);
    await choose();
    await registry.reserve('shop/web', 'run 1');
    await choose();
    const [idle = [], busy = []] = offered;
    assert.deepEqual(
      [idle.includes('Stop All'), busy.includes('Stop All'), idle.some((text) => text.includes('job'))],
      [false, true, false],
    );
  });
});
