import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { runStartupTriggers } from '../../../src/activation/startupTriggers.js';
import { configurationPath } from '../../../src/discovery/configuration/configurationPath.js';
import { editor, fileUri } from '../vscode/support/fakeEditor.js';

describe('a window that opens', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'startup-'));
    editor.reset();
    editor.folders = [{ name: 'shop', index: 0, uri: fileUri(root) }];
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Runs the triggers. Returns what was loaded and called, as it grows. */
  function open(failure?: Error): { readonly calls: string[]; readonly done: Promise<void> } {
    const calls: string[] = [];
    const load = () => {
      calls.push('load');
      return failure
        ? Promise.reject(failure)
        : Promise.resolve({
            settleOrphans: () => Promise.resolve(void calls.push('settle orphans')),
            startWithWindow: (trusted: string) =>
              Promise.resolve(void calls.push(`start, trusted ${trusted}`)),
          });
    };
    const log = { info: () => undefined, error: (message: string) => void calls.push(message) };
    return { calls, done: runStartupTriggers({ ledgerFolder: join(root, 'ledger'), load, log }) };
  }

  async function writeConfiguration(): Promise<void> {
    await mkdir(join(root, configurationPath, '..'), { recursive: true });
    await writeFile(join(root, configurationPath), '{}');
  }

  it('loads nothing without a cause', async () => {
    await mkdir(join(root, 'ledger'));
    editor.settings = { 'devServers.servers': [{ name: 'web', command: 'vite' }] };
    const { calls, done } = open();
    await done;
    assert.deepEqual(calls, []);
  });

  it('handles orphans of other windows if there are records', async () => {
    await mkdir(join(root, 'ledger'));
    await writeFile(join(root, 'ledger', 'window.json'), '{}');
    const { calls, done } = open();
    await done;
    assert.deepEqual(calls, ['load', 'settle orphans']);
  });

  it('starts servers when a folder has a configuration, or the settings say so', async () => {
    editor.settings = { 'devServers.servers': [{ name: 'web', command: 'vite', autoStart: true }] };
    const bySettings = open();
    await bySettings.done;
    editor.settings = {};
    await writeConfiguration();
    const byFile = open();
    await byFile.done;
    const expected = ['load', 'start, trusted before'];
    assert.deepEqual([bySettings.calls, byFile.calls], [expected, expected]);
  });

  it('checks the folders only once the workspace is trusted', async () => {
    editor.isTrusted = false;
    await writeConfiguration();
    const { calls, done } = open();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(calls, []);
    editor.grantTrust();
    await done;
    assert.deepEqual(calls, ['load', 'start, trusted now']);
  });

  it('continues when the runtime cannot be loaded, and logs this', async () => {
    await writeConfiguration();
    const { calls, done } = open(new Error('ENOENT'));
    await done;
    assert.deepEqual([calls[0], calls.length], ['load', 2]);
  });
});
