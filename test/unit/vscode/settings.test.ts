import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import {
  admission,
  environmentPolicy,
  isDiscovered,
  logBytes,
  portConflictModeOf,
  readyPolicy,
  restartModeOf,
  showsTerminalOnStart,
  stopPolicy,
  usesGitIgnores,
} from '../../../src/vscode/settings.js';
import { agentCommandMode, agentsEnabled } from '../../../src/vscode/agents/agentSettings.js';
import { definition, english } from '../core/support/fakes.js';
import { editor, fileUri } from './support/fakeEditor.js';

const web = definition('shop/web', { cwd: '/shop/packages/web' });
const dev = definition('blog/dev', { cwd: '/blog', folder: 'blog' });
const mebibyte = 1024 * 1024;

/** Reads a setting once for each of its values. */
function forValues<T>(setting: string, values: readonly unknown[], read: () => T): T[] {
  return values.map((value) => {
    editor.settings = { [setting]: value };
    return read();
  });
}

describe('the settings', () => {
  beforeEach(() => editor.reset('shop', 'blog'));

  it('limit the logs, and count as not set if they are out of range or not a number', () => {
    const bytes = forValues('devServers.logs.maxSize', [0, 1, 1000, 0.5, 1001, '5', undefined], logBytes);
    assert.deepEqual(
      bytes.map((size) => size / mebibyte),
      [0, 1, 1000, 10, 10, 10, 10],
    );
  });

  it('limit the number of servers, and count as not set if they are out of range or not a number', async () => {
    const refused = async (running: number): Promise<boolean> =>
      admission(english)
        .admit(web, running)
        .then(
          () => false,
          (error: { reason: string }) => error.reason === 'limit',
        );
    const results = await Promise.all(
      forValues('devServers.maxServers', [3, 0, 1001, '3', undefined], () =>
        Promise.all([2, 3, 19, 20].map(refused)),
      ),
    );
    const atTwenty = [false, false, false, true];
    assert.deepEqual(results, [[false, true, true, true], atTwenty, atTwenty, atTwenty, atTwenty]);
  });

  it('start nothing in a workspace that is not trusted', async () => {
    editor.isTrusted = false;
    await assert.rejects(admission(english).admit(web, 0), { reason: 'untrusted' });
  });

  it('are those of the folder in which the server runs', () => {
    editor.settings = { 'devServers.stopTimeout': 7, 'devServers.restart': 'never' };
    editor.folderSettings = {
      blog: {
        'devServers.stopTimeout': 60,
        'devServers.stopSignal': 'SIGINT',
        'devServers.restart': 'always',
        'devServers.portConflict': 'fail',
        'devServers.readyTimeout': 90,
      },
    };
    const read = [web, dev].map((server) => [
      stopPolicy.plan(server),
      restartModeOf(server),
      portConflictModeOf(server),
      readyPolicy.rule(server).timeoutMs,
    ]);
    assert.deepEqual(read, [
      [{ signal: 'SIGTERM', graceMs: 7000 }, 'never', 'ask', 60_000],
      [{ signal: 'SIGINT', graceMs: 60_000 }, 'always', 'fail', 90_000],
    ]);
  });

  it('are overridden by the options of the server', () => {
    editor.settings = { 'devServers.stopTimeout': 7, 'devServers.restart': 'always' };
    const own = definition('shop/own', { overrides: { stopTimeout: 1, restart: 'never' } as never });
    assert.deepEqual([stopPolicy.plan(own).graceMs, restartModeOf(own)], [1000, 'never']);
  });

  it('switch off nothing if the value has a wrong type', () => {
    const values = [false, true, 'no', undefined];
    const uri = fileUri('/shop');
    const flags = [
      forValues('devServers.discovery.compose', values, () => isDiscovered('compose', uri)),
      forValues('devServers.showTerminalOnStart', values, showsTerminalOnStart),
      forValues('search.useIgnoreFiles', values, () => usesGitIgnores(uri)),
    ];
    assert.deepEqual(
      flags,
      flags.map(() => [false, true, true, true]),
    );
  });

  it('let agents use the tools only with a valid value', () => {
    const values = [true, undefined, false, 'false', 'off', 'true', 0, 1, null, [], {}];
    const enabled = forValues('devServers.agents.enabled', values, agentsEnabled);
    assert.deepEqual(
      enabled,
      values.map((value) => value === true || value === undefined),
    );
  });

  it('let agents run other commands only with the exact value', () => {
    const values = ['confirm', 'configuredOnly', 'Confirm', true, undefined];
    const [confirm, ...others] = forValues('devServers.agents.commands', values, agentCommandMode);
    assert.equal(confirm, 'confirm');
    assert.deepEqual(new Set(others), new Set(['configuredOnly']));
  });

  it('give a server the environment of the terminals in its folder', () => {
    const system = { darwin: 'osx', win32: 'windows' }[process.platform as string] ?? 'linux';
    editor.folderSettings = {
      blog: {
        [`terminal.integrated.env.${system}`]: { PORT: '4000', HERE: '${workspaceFolder}', GONE: null },
      },
    };
    const [ofWeb, ofDev] = [web, dev].map((server) => environmentPolicy.of(server).terminal);
    assert.notDeepEqual(ofWeb, ofDev);
    assert.match(JSON.stringify(ofDev), /4000.*\/blog/u);
  });
});
