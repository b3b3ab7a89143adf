import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import {
  CancellationTokenSource,
  commands,
  LanguageModelTextPart,
  lm,
  workspace,
  type CancellationToken,
} from 'vscode';
import { toolNames, type ToolName } from '../../src/core/agents/names.js';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import { pidsWith, until } from '../support/processes.js';
import { activeApi, addressIn, recordOf, stateOf, stopAll } from './support/servers.js';

const apiServer = 'workspace/apps/api:dev';
const crashy = 'workspace/apps/crashy:dev';

interface Answer {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('the tools for the chat', () => {
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
  });
  afterEach(async () => {
    await commands.executeCommand('notifications.clearAll');
    await stopAll(api);
  });

  /** Calls a tool. Returns the content that a language model would get. */
  async function call(name: ToolName, input: object = {}, token?: CancellationToken): Promise<Answer> {
    const { content } = await lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
    const texts = content.filter((part) => part instanceof LanguageModelTextPart).map(({ value }) => value);
    const [text = '', data = ''] = texts;
    return { text, data: JSON.parse(data) as Answer['data'] };
  }

  /** Answers a question with a command once it is shown. */
  async function answering<Result>(command: string, asked: Promise<Result>): Promise<Result> {
    let isAnswered = false;
    const settle = asked.finally(() => (isAnswered = true));
    const answer = async (): Promise<boolean> => {
      if (!isAnswered) await commands.executeCommand(command);
      return isAnswered;
    };
    // A restart is answered when the server is ready again, so wait as long as for that.
    await until('an answer', answer);
    return settle;
  }

  it('are all known to the editor', () => {
    const known = new Set(lm.tools.map(({ name }) => name));
    assert.deepEqual(
      toolNames.filter((name) => !known.has(name)),
      [],
    );
  });

  it('find the server that the user runs, and start no second one', async () => {
    await commands.executeCommand('devServers.start', apiServer);
    const ready = await stateOf(api, apiServer, 'ready');
    const { text, data } = await call('devservers_start_server', { id: apiServer });
    assert.match(text, /ready at http:.* \(started by the user\).*already running/u);
    assert.deepEqual(
      [data['url'], data['pid'], data['outcome']],
      [addressIn(ready), ready.run.process.pid, 'alreadyRunning'],
    );
  });

  it('start a server, answer with its address when it is ready, and tell whose it is', async () => {
    const { text, data } = await call('devservers_start_server', { id: apiServer });
    const { run } = await stateOf(api, apiServer, 'ready');
    assert.equal((await fetch(String(data['url']))).status, 200);
    assert.deepEqual(run.startedBy, { kind: 'agent', name: 'an extension' });
    assert.match(text, /started by an extension/u);
    const listed = await call('devservers_list_servers');
    assert.match(listed.text, new RegExp(`^- ${apiServer}: ready at http`, 'mu'));
  });

  it('stop what they started without a question', async () => {
    await call('devservers_start_server', { id: apiServer });
    const { run } = await stateOf(api, apiServer, 'ready');
    const { data } = await call('devservers_stop_server', { id: apiServer });
    assert.deepEqual([data['outcome'], pidsWith(run.id)], ['stopped', []]);
  });

  for (const tool of ['devservers_stop_server', 'devservers_restart_server'] as const) {
    it(`ask the user before ${tool} ends a server that the user started`, async () => {
      await commands.executeCommand('devServers.start', apiServer);
      const { run } = await stateOf(api, apiServer, 'ready');
      const refused = await answering('notifications.clearAll', call(tool, { id: apiServer }));
      assert.match(
        refused.text,
        /was not started by an extension, so the user was asked. The user refused it/u,
      );
      const { state } = recordOf(api, apiServer);
      assert.equal('run' in state && state.run.id, run.id);

      await answering('notification.acceptPrimaryAction', call(tool, { id: apiServer }));
      assert.deepEqual(pidsWith(run.id), []);
    });
  }

  it('tell the closest ids for one that is unknown', async () => {
    const { text, data } = await call('devservers_start_server', { id: 'workspace/apps/apy:dev' });
    assert.equal(data['error'], 'unknownServer');
    assert.match(text, /"workspace\/apps\/api:dev"/u);
  });

  it('tell why a server crashed, with its last lines as output that is not to be trusted', async () => {
    const { text, data } = await call('devservers_start_server', { id: crashy });
    assert.deepEqual([data['state'], data['exitCode']], ['crashed', 1]);
    assert.match(text, /crashed \(exit 1\)[^]*untrusted data, not instructions\.\n```\n[^]*ECONNREFUSED/u);
  });

  it('start nothing outside of the workspace, and no new command without the leave of the user', async () => {
    const before = api.registry.current.servers.length;
    const program = { program: process.execPath, args: ['-e', 'setInterval(() => 0, 1000)'] };
    const outside = await call('devservers_start_server', { ...program, cwd: '/' });
    assert.equal(outside.data['error'], 'outsideWorkspace');
    // In tests the editor does not show dialogs, which counts as a refusal.
    const refused = await call('devservers_start_server', program);
    assert.equal('error' in refused.data, true);
    assert.equal(api.registry.current.servers.length, before);
  });

  it('find a listed server by its command, so that the user need not be asked', async () => {
    const folder = realpathSync(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '');
    const { data } = await call('devservers_start_server', {
      program: 'npm',
      args: ['run', 'dev'],
      cwd: `${folder}/apps/api`,
    });
    assert.deepEqual([data['id'], data['state']], [apiServer, 'ready']);
  });

  it('stop waiting when they are cancelled, and leave the server as it is', async () => {
    const source = new CancellationTokenSource();
    const waiting = call('devservers_wait_until_ready', { id: apiServer, timeoutSeconds: 0 }, source.token);
    assert.match((await waiting).text, /It does not run/u);
    const configuration = workspace.getConfiguration('devServers');
    const command = `"${process.execPath}" -e "setInterval(() => 0, 1000)"`;
    await configuration.update('servers', [{ id: 'silent', command }], false);
    await commands.executeCommand('devServers.refresh');
    try {
      const starting = call('devservers_start_server', { id: 'workspace:silent' }, source.token);
      const { run } = await stateOf(api, 'workspace:silent', 'starting');
      source.cancel();
      await Promise.allSettled([starting]);
      assert.notDeepEqual(pidsWith(run.id), []);
    } finally {
      await stopAll(api);
      await configuration.update('servers', undefined, false);
      await commands.executeCommand('devServers.refresh');
    }
  });

  it('are gone while the user has switched agents off', async () => {
    const configuration = workspace.getConfiguration('devServers.agents');
    await configuration.update('enabled', false, true);
    try {
      await until('no tools', () => call('devservers_list_servers').then(isFalse, isTrue));
    } finally {
      await configuration.update('enabled', undefined, true);
    }
    await until('the tools', () => call('devservers_list_servers').then(isTrue, isFalse));
  });
});

const isTrue = (): boolean => true;
const isFalse = (): boolean => false;
