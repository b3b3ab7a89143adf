import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, env, window, workspace } from 'vscode';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import { bind, pidsWith, until } from '../support/processes.js';
import { cleanEnds, writeSlowServer } from '../support/slowServer.js';
import { activeApi, addressIn, recordOf, stateOf, stopAll } from './support/servers.js';

const web = 'workspace/apps/web:dev';
const apiServer = 'workspace/apps/api:dev';
const stubborn = 'workspace/apps/stubborn:dev';
const crashy = 'workspace/apps/crashy:dev';

describe('the servers of a workspace', () => {
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
  });
  afterEach(() => stopAll(api));

  it('are found in the packages, with the command that starts each', () => {
    assert.deepEqual(
      api.registry.current.servers.map(({ definition: { id, command } }) => [
        id,
        command.kind === 'argv' ? [command.file, ...command.args].join(' ') : command.line,
      ]),
      [
        [apiServer, 'npm run dev'],
        ['workspace/apps/api:start', 'npm run start'],
        [crashy, 'npm run dev'],
        ['workspace/apps/docs:serve', 'npm run serve'],
        [stubborn, 'npm run dev'],
        [web, 'npm run dev'],
        ['workspace/apps/web:preview', 'npm run preview'],
      ],
    );
  });

  it('start, answer at the address in the registry, and stop without a trace', async () => {
    await Promise.all([web, apiServer].map((id) => commands.executeCommand('devServers.start', id)));
    const ready = await Promise.all([web, apiServer].map((id) => stateOf(api, id, 'ready')));
    for (const url of ready.map(addressIn)) assert.equal((await fetch(url)).status, 200, url);

    await Promise.all([web, apiServer].map((id) => commands.executeCommand('devServers.stop', id)));
    assert.deepEqual(
      [web, apiServer].map((id) => recordOf(api, id).state),
      [
        { kind: 'stopped', lastEnd: undefined },
        { kind: 'stopped', lastEnd: undefined },
      ],
    );
    assert.deepEqual(
      ready.flatMap(({ run }) => pidsWith(run.id)),
      [],
    );
    for (const url of ready.map(addressIn)) await bind(Number(new URL(url).port));
  });

  it('run in a terminal of their name', async () => {
    await commands.executeCommand('devServers.start', web);
    await stateOf(api, web, 'ready');
    assert.equal(
      window.terminals.some(({ name }) => name === 'web: dev'),
      true,
    );
  });

  it('take keyboard input: Vite ends by its own key', async () => {
    await commands.executeCommand('devServers.start', web);
    await stateOf(api, web, 'ready');
    const { definition } = recordOf(api, web);
    await until('the help of Vite', async () => {
      const log = await api.processes.logs.tail(definition);
      return /press h \+ enter/u.test(log?.text ?? '');
    });
    // Once: below a server that has ended, Enter starts it again.
    window.terminals.find(({ name }) => name === 'web: dev')?.sendText('q', true);
    await stateOf(api, web, 'stopped');
    const { state } = recordOf(api, web);
    assert.deepEqual(state.kind === 'stopped' && state.lastEnd?.exit, { kind: 'code', code: 0 });
  });

  it('are stopped, not crashed, by Ctrl+C in the terminal', async () => {
    await commands.executeCommand('devServers.start', apiServer);
    const { run } = await stateOf(api, apiServer, 'ready');
    window.terminals.find(({ name }) => name === 'api: dev')?.sendText('\u0003', false);
    const { lastEnd } = await stateOf(api, apiServer, 'stopped');
    assert.deepEqual([lastEnd?.interrupted, pidsWith(run.id)], [true, []]);
  });

  it('end when their terminal is closed', async () => {
    await commands.executeCommand('devServers.start', apiServer);
    const { run } = await stateOf(api, apiServer, 'ready');
    await until('the terminal', () => window.terminals.some(({ name }) => name === 'api: dev'));
    window.terminals.find(({ name }) => name === 'api: dev')?.dispose();
    await stateOf(api, apiServer, 'stopped');
    assert.deepEqual(pidsWith(run.id), []);
  });

  it('complete their shutdown below npm at a restart, when all are stopped, and when their terminal is closed', async () => {
    const folder = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'apps/slow');
    const slow = 'workspace/apps/slow:dev';
    writeSlowServer(folder, 1500);
    try {
      await commands.executeCommand('devServers.refresh');
      await commands.executeCommand('devServers.start', slow);
      await stateOf(api, slow, 'ready');
      await commands.executeCommand('devServers.restart', slow);
      assert.equal(cleanEnds(folder), 1);
      await stateOf(api, slow, 'ready');
      await commands.executeCommand('devServers.stopAll');
      assert.equal(cleanEnds(folder), 2);
      await commands.executeCommand('devServers.start', slow);
      await stateOf(api, slow, 'ready');
      await until('the terminal', () => window.terminals.some(({ name }) => name === 'slow: dev'));
      window.terminals.find(({ name }) => name === 'slow: dev')?.dispose();
      await stateOf(api, slow, 'stopped');
      assert.equal(cleanEnds(folder), 3);
    } finally {
      await rm(folder, { recursive: true });
      await commands.executeCommand('devServers.refresh');
    }
  });

  it('copy the address to the clipboard', async () => {
    await commands.executeCommand('devServers.start', apiServer);
    const url = addressIn(await stateOf(api, apiServer, 'ready'));
    await commands.executeCommand('devServers.copyUrl', apiServer);
    await until('the clipboard', async () => (await env.clipboard.readText()).includes(new URL(url).port));
  });

  it('are shown in the diagnostics, in a document that cannot be changed', async () => {
    await commands.executeCommand('devServers.start', apiServer);
    const state = await stateOf(api, apiServer, 'ready');
    const { run } = state;
    const url = addressIn(state);
    await commands.executeCommand('devServers.showDiagnostics');
    const text = window.activeTextEditor?.document.getText() ?? '';
    for (const part of [
      `${apiServer}: ready pid ${run.process.pid} ${url}`,
      'longest hold:',
      'process host',
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
  });
});
