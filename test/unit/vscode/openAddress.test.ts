import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import { openAddress } from '../../../src/vscode/openAddress.js';
import { editor } from './support/fakeEditor.js';

const url = 'http://localhost:5173/';

describe('the address of a server', () => {
  beforeEach(() => editor.reset('shop'));

  it('opens in the browser of the system', async () => {
    await openAddress(url);
    assert.deepEqual([editor.openedExternally, editor.executed], [[url], []]);
  });

  it('opens in a browser of the editor that is activated by its command alone', async () => {
    editor.settings = { 'devServers.openIn': 'editor' };
    editor.missingCommands = ['workbench.action.browser.open'];
    await openAddress(url);
    assert.deepEqual([editor.openedExternally, editor.executed], [[], [['simpleBrowser.show', url]]]);
  });

  it('opens in the browser of the system when the editor has none', async () => {
    editor.settings = { 'devServers.openIn': 'editor' };
    editor.missingCommands = ['workbench.action.browser.open', 'simpleBrowser.show'];
    await openAddress(url);
    assert.deepEqual([editor.openedExternally, editor.executed], [[url], []]);
  });
});
