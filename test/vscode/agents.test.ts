import assert from 'node:assert/strict';
import { commands, lm, workspace } from 'vscode';
import { toolNames } from '../../src/core/agents/names.js';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import { pidsWith, until } from '../support/processes.js';
import { callTool } from './support/chatTools.js';
import { activeApi, agreeToStart, recordOf, stateOf, stopAll } from './support/servers.js';

const apiServer = 'workspace/apps/api:dev';

describe('the tools for the chat', () => {
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
  });
  afterEach(async () => {
    await commands.executeCommand('notifications.clearAll');
    await stopAll(api);
  });

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

  it('start a server with the consent of the user, and return its address and who started it', async () => {
    const refused = await callTool('devservers_start_server', { id: apiServer });
    assert.equal('error' in refused.data, true);
    assert.deepEqual(recordOf(api, apiServer).state.kind, 'stopped');
    agreeToStart(api, recordOf(api, apiServer));
    const { text, data } = await callTool('devservers_start_server', { id: apiServer });
    const { run } = await stateOf(api, apiServer, 'ready');
    assert.equal((await fetch(String(data['url']))).status, 200);
    assert.deepEqual(run.startedBy, { kind: 'agent', name: 'an extension', caller: 'extension' });
    assert.match(text, /started by an extension/u);
    const listed = await callTool('devservers_list_servers');
    assert.match(listed.text, new RegExp(`^- ${apiServer}: ready at http`, 'mu'));
  });

  for (const tool of ['devservers_stop_server', 'devservers_restart_server'] as const) {
    it(`ask the user before ${tool} ends a server that the user started`, async () => {
      await commands.executeCommand('devServers.start', apiServer);
      const { run } = await stateOf(api, apiServer, 'ready');
      const refused = await answering('notifications.clearAll', callTool(tool, { id: apiServer }));
      assert.match(refused.text, /was not started by an extension, so the user was asked. The user refused/u);
      const { state } = recordOf(api, apiServer);
      assert.equal('run' in state && state.run.id, run.id);

      await answering('notification.acceptPrimaryAction', callTool(tool, { id: apiServer }));
      assert.deepEqual(pidsWith(run.id), []);
    });
  }

  it('start nothing outside the workspace, and no new command without the permission of the user', async () => {
    const before = api.registry.current.servers.length;
    const program = { program: process.execPath, args: ['-e', 'setInterval(() => 0, 1000)'] };
    const outside = await callTool('devservers_start_server', { ...program, cwd: '/' });
    assert.equal(outside.data['error'], 'outsideWorkspace');
    // In tests the editor does not show dialogs, which counts as a refusal.
    const refused = await callTool('devservers_start_server', program);
    assert.equal('error' in refused.data, true);
    assert.equal(api.registry.current.servers.length, before);
  });

  it('are unavailable while the user has switched agents off', async () => {
    const configuration = workspace.getConfiguration('devServers.agents');
    await configuration.update('enabled', false, true);
    try {
      await until('no tools', () => callTool('devservers_list_servers').then(isFalse, isTrue));
    } finally {
      await configuration.update('enabled', undefined, true);
    }
    await until('the tools', () => callTool('devservers_list_servers').then(isTrue, isFalse));
  });
});

const isTrue = (): boolean => true;
const isFalse = (): boolean => false;
