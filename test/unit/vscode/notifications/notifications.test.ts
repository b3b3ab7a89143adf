import assert from 'node:assert/strict';
import { beforeAll, beforeEach, describe, it } from 'vitest';
import { survivorsError } from '../../../../src/core/lifecycle/survivors.js';
import { conflictView } from '../../../../src/core/tcpPorts/portConflict.js';
import { GroupIndex } from '../../../../src/core/views/groupIndex.js';
import { rowLabel } from '../../../../src/core/views/rowLabel.js';
import { ServerError } from '../../../../src/core/server/errors.js';
import { notifyCrashes } from '../../../../src/vscode/notifications/crashNotifications.js';
import { notifyFailure } from '../../../../src/vscode/notifications/failureNotifications.js';
import { notifyConfigurationProblems } from '../../../../src/vscode/notifications/problemNotification.js';
import { SilencedNotices } from '../../../../src/vscode/notifications/silencedNotices.js';
import { FakeMemento } from '../support/fakeMemento.js';
import { FakeTime, settled } from '../../core/support/fakeTime.js';
import { definition, english, world as registryWorld } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';

describe('notifications', () => {
  // A promise of a module that is loaded settles in the same turn.
  beforeAll(() => import('../../../../src/vscode/notifications/crashNotice.js'));
  beforeEach(() => editor.reset('shop'));

  /** Answers every notification by the button with this text. */
  function press(button: string): void {
    editor.answer = (_question, buttons) => buttons.find((each) => each === button);
  }

  async function crashWorld(lacksPackages = false) {
    const { registry, lifecycle } = await registryWorld();
    const time = new FakeTime();
    const conflicts = { resolveCrash: () => Promise.resolve(false) };
    const subscription = notifyCrashes(registry, {
      conflicts,
      lacksPackages: () => Promise.resolve(lacksPackages),
      timer: time,
      l10n: english,
    });
    const fail = async (id: string, reason: 'spawnFailed' | 'hostLost'): Promise<void> => {
      await registry.reserve(id, `run of ${id}`);
      await registry.dispatch(id, {
        kind: 'failed',
        runId: `run of ${id}`,
        reason,
        message: 'Command not found on the PATH: a.',
        at: 0,
      });
      await settled();
    };
    return { registry, lifecycle, time, subscription, fail };
  }

  it('report a crash once, and restart the server on a click', async () => {
    press('Restart');
    const { registry, fail } = await crashWorld();
    await fail('a', 'spawnFailed');
    await registry.define(registry.current.servers.map((record) => record.definition));
    await settled();
    assert.deepEqual(
      [editor.messages, editor.executed],
      [['shop: a failed: Command not found on the PATH: a.'], [['devServers.start', 'a']]],
    );
  });

  it('have room for three buttons: the chat takes the place of the log', async () => {
    const offered: (readonly unknown[])[] = [];
    editor.answer = (_question, buttons) => {
      offered.push(buttons);
      return undefined;
    };
    const { fail } = await crashWorld();
    await fail('a', 'spawnFailed');
    editor.changeSettings({ 'chat.disableAIFeatures': true });
    await fail('b', 'spawnFailed');
    assert.deepEqual(offered, [
      ['Fix with Chat', 'Show Log', 'Restart'],
      ['Show Terminal', 'Show Log', 'Restart'],
    ]);
  });

  it('are not filled by long names, of which they show both ends', async () => {
    const { registry, lifecycle, fail } = await crashWorld();
    const name = `first ${'long '.repeat(80)}last`;
    const long = definition('a', { name, id: 'a', source: 'settings' });
    await registry.define([long, definition('b')]);
    await fail('a', 'spawnFailed');
    const { servers } = registry.current;
    const conflict = { kind: 'runsElsewhere', definition: long, run: { pid: 7, url: undefined } } as const;
    const context = { servers, now: 0, l10n: english };
    notifyFailure(survivorsError(long, [{ pid: 7, command: 'node' }]), english);
    notifyFailure(new ServerError('untrusted', conflictView(conflict, context).text), english);
    await notifyConfigurationProblems(
      [`"${name}": it is wrong`],
      new SilencedNotices(new FakeMemento()),
      english,
    );
    await lifecycle.cleanup();
    notifyFailure(await lifecycle.start('a').catch((error: unknown) => error), english);
    const isShort = (text: string): boolean => /first long .*….*last/u.test(text) && text.length < 310;
    assert.deepEqual(
      editor.messages.map(isShort),
      [true, true, true, true, true],
      editor.messages.join('\n'),
    );
    const index = new GroupIndex(servers, { isPinned: () => false, recency: () => undefined });
    assert.equal(rowLabel(long, index).label, name);
  });

  it('report missing packages, and start the server after the installation', async () => {
    press('Install and Start');
    const { fail } = await crashWorld(true);
    await fail('a', 'spawnFailed');
    await settled();
    assert.deepEqual(
      [editor.messages, editor.executedTasks, editor.executed],
      [
        ['shop: a failed: Command not found on the PATH: a. Its packages are not installed.'],
        ['/shop npm install'],
        [['devServers.start', 'a']],
      ],
    );
  });

  it('install the packages by the package manager that starts the server', async () => {
    press('Install and Start');
    const { registry, fail } = await crashWorld(true);
    for (const manager of ['pnpm', 'yarn', 'bun']) {
      const command = { kind: 'argv', file: manager, args: ['run', 'dev'] } as const;
      await registry.define([definition(manager, { command, cwd: `/${manager}` })]);
      await fail(manager, 'spawnFailed');
      await settled();
    }
    assert.deepEqual(editor.executedTasks, ['/pnpm pnpm install', '/yarn yarn install', '/bun bun install']);
  });

  it('start nothing after an installation that failed', async () => {
    press('Install and Start');
    editor.taskExitCode = 1;
    const { fail } = await crashWorld(true);
    await fail('a', 'spawnFailed');
    await settled();
    assert.deepEqual([editor.executedTasks.length, editor.executed], [1, []]);
  });

  it('offer no installation for a server that no package manager starts', async () => {
    press('Restart');
    const { registry, fail } = await crashWorld(true);
    await registry.define([definition('a', { command: { kind: 'shell', line: 'python -m http.server' } })]);
    await fail('a', 'spawnFailed');
    assert.deepEqual(editor.executed, [['devServers.start', 'a']]);
  });

  it('report a lost process host once for all its servers', async () => {
    const { time, fail } = await crashWorld();
    for (const id of ['a', 'b', 'c']) {
      await fail(id, 'hostLost');
      await time.pass(300);
    }
    await time.pass(1000);
    assert.equal(editor.messages.length, 1);
  });

  it('report no crash once disposed of', async () => {
    const { time, subscription, fail } = await crashWorld();
    await fail('a', 'hostLost');
    subscription.dispose();
    await fail('b', 'spawnFailed');
    await time.pass(1000);
    assert.deepEqual(editor.messages, []);
  });

  it('lead from a refusal to the setting that caused it', async () => {
    press('Open Setting');
    notifyFailure(new ServerError('limit', 'Too many.'), english);
    notifyFailure(new ServerError('portInUse', 'In use.'), english);
    notifyFailure(new ServerError('untrusted', 'Not trusted.'), english);
    await settled();
    assert.deepEqual(
      { messages: editor.messages, executed: editor.executed },
      {
        messages: ['Too many.', 'In use.', 'Not trusted.'],
        executed: [
          ['workbench.action.openSettings', 'devServers.maxServers'],
          ['workbench.action.openSettings', 'devServers.portConflict'],
        ],
      },
    );
  });

  it('are not shown again when the user wants no more of them, until the answers are reset', async () => {
    press("Don't Show Again");
    const silenced = new SilencedNotices(new FakeMemento());
    await notifyConfigurationProblems(['one'], silenced, english);
    await notifyConfigurationProblems(['two'], silenced, english);
    await silenced.clear();
    await notifyConfigurationProblems(['three'], silenced, english);
    assert.deepEqual(editor.messages, ['one', 'three']);
  });

  it('name a single problem, count several, and lead to the log', async () => {
    press('Show Log');
    const silenced = new SilencedNotices(new FakeMemento());
    await notifyConfigurationProblems(['package.json is broken'], silenced, english);
    await notifyConfigurationProblems(['one', 'two', 'three'], silenced, english);
    assert.equal(editor.messages[0], 'package.json is broken');
    assert.match(editor.messages[1] ?? '', /3/u);
    assert.deepEqual(editor.executed, [['devServers.showLog'], ['devServers.showLog']]);
  });
});
