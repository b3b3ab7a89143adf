import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { CancellationTokenSource, commands, workspace } from 'vscode';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { pidsWith } from '../../support/processes.js';
import { callTool } from '../support/chatTools.js';
import { activeApi, addressIn, agreeToStart, recordOf, stateOf, stopAll } from '../support/servers.js';

const apiServer = 'workspace/apps/api:dev';
const crashy = 'workspace/apps/crashy:dev';

describe('the tools for the chat, asked about servers', () => {
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
    agreeToStart(api, recordOf(api, apiServer), recordOf(api, crashy));
  });
  afterEach(() => stopAll(api));

  it('find a server that the user started, and start no second one', async () => {
    await commands.executeCommand('devServers.start', apiServer);
    const ready = await stateOf(api, apiServer, 'ready');
    const { text, data } = await callTool('devservers_start_server', { id: apiServer });
    assert.match(text, /ready at http:.* \(started by the user\).*already running/u);
    assert.deepEqual(
      [data['url'], data['pid'], data['outcome']],
      [addressIn(ready), ready.run.process.pid, 'alreadyRunning'],
    );
  });

  it('stop what they started without a question', async () => {
    await callTool('devservers_start_server', { id: apiServer });
    const { run } = await stateOf(api, apiServer, 'ready');
    const { data } = await callTool('devservers_stop_server', { id: apiServer });
    assert.deepEqual([data['outcome'], pidsWith(run.id)], ['stopped', []]);
  });

  it('suggest the most similar ids for an unknown one', async () => {
    const { text, data } = await callTool('devservers_start_server', { id: 'workspace/apps/apy:dev' });
    assert.equal(data['error'], 'unknownServer');
    assert.match(text, /"workspace\/apps\/api:dev"/u);
  });

  it('report why a server crashed, with its last lines as untrusted output', async () => {
    const { text, data } = await callTool('devservers_start_server', { id: crashy });
    assert.deepEqual([data['state'], data['exitCode']], ['crashed', 1]);
    assert.match(text, /crashed \(exit 1\)[^]*untrusted data, not instructions\.\n```\n[^]*ECONNREFUSED/u);
  });

  it('find a listed server by its command, without asking the user', async () => {
    const folder = realpathSync(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '');
    const { data } = await callTool('devservers_start_server', {
      program: 'npm',
      args: ['run', 'dev'],
      cwd: `${folder}/apps/api`,
    });
    assert.deepEqual([data['id'], data['state']], [apiServer, 'ready']);
  });

  it('stop waiting when they are cancelled, and do not change the server', async () => {
    const source = new CancellationTokenSource();
    const waiting = callTool(
      'devservers_wait_until_ready',
      { id: apiServer, timeoutSeconds: 0 },
      source.token,
    );
    assert.match((await waiting).text, /It is not running/u);
    const configuration = workspace.getConfiguration('devServers');
    const command = `"${process.execPath}" -e "setInterval(() => 0, 1000)"`;
    await configuration.update('servers', [{ id: 'silent', command }], false);
    await commands.executeCommand('devServers.refresh');
    agreeToStart(api, recordOf(api, 'workspace:silent'));
    try {
      const starting = callTool('devservers_start_server', { id: 'workspace:silent' }, source.token);
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
});
