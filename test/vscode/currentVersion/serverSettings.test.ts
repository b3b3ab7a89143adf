import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, workspace } from 'vscode';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { pidsWith, until } from '../../support/processes.js';
import { activeApi, addressIn, recordOf, stateOf, stopAll } from '../support/servers.js';
import { isIdle, plannedRestart } from '../../../src/core/server/stateQueries.js';

const web = 'workspace/apps/web:dev';
const apiServer = 'workspace/apps/api:dev';
const stubborn = 'workspace/apps/stubborn:dev';
const flaky = 'workspace:flaky';
const crashy = 'workspace/apps/crashy:dev';

describe('the servers of a workspace with settings', () => {
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
  });
  afterEach(() => stopAll(api));

  it('restart with new processes on the same port', async () => {
    await commands.executeCommand('devServers.start', apiServer);
    const before = await stateOf(api, apiServer, 'ready');
    await commands.executeCommand('devServers.restart', apiServer);
    const after = await stateOf(api, apiServer, 'ready');
    assert.deepEqual([addressIn(after), pidsWith(before.run.id)], [addressIn(before), []]);
    assert.notEqual(after.run.process.pid, before.run.process.pid);
  });

  it('are killed if they ignore the polite signal', async () => {
    await workspace.getConfiguration('devServers').update('stopTimeout', 0.5, false);
    try {
      await commands.executeCommand('devServers.start', stubborn);
      const { run } = await stateOf(api, stubborn, 'ready');
      await commands.executeCommand('devServers.stop', stubborn);
      assert.deepEqual([recordOf(api, stubborn).state.kind, pidsWith(run.id)], ['stopped', []]);
    } finally {
      await workspace.getConfiguration('devServers').update('stopTimeout', undefined, false);
    }
  });

  it('show why they crashed, with their last lines', async () => {
    await commands.executeCommand('devServers.start', crashy);
    const { crash } = await stateOf(api, crashy, 'crashed');
    assert.ok(crash.kind === 'exit');
    assert.deepEqual(crash.exit, { kind: 'code', code: 1 });
    assert.match(crash.tail.join('\n'), /ECONNREFUSED/);
  });

  it('are limited to the number that the setting allows', async () => {
    await workspace.getConfiguration('devServers').update('maxServers', 1, false);
    try {
      await commands.executeCommand('devServers.start', apiServer);
      await commands.executeCommand('devServers.start', web);
      assert.deepEqual(
        [apiServer, web].map((id) => isIdle(recordOf(api, id).state)),
        [false, true],
      );
    } finally {
      await workspace.getConfiguration('devServers').update('maxServers', undefined, false);
    }
  });

  it('start with the main server of their package, and stop together', async () => {
    const group = [web, 'workspace/apps/web:preview'];
    await commands.executeCommand('devServers.startGroup', 'workspace/apps/web');
    await stateOf(api, web, 'ready');
    assert.equal(recordOf(api, group[1] ?? '').state.kind, 'stopped');
    await commands.executeCommand('devServers.stopGroup', 'workspace/apps/web');
    assert.deepEqual(
      group.map((id) => recordOf(api, id).state.kind),
      ['stopped', 'stopped'],
    );
  });

  it('are restarted after a crash if the settings say so, until the user stops them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dev-servers-restart-'));
    const marker = join(folder, 'starts');
    const starts = async (): Promise<number> => (await readFile(marker, 'utf8').catch(() => '')).length;
    const configuration = workspace.getConfiguration('devServers');
    const script = `require('fs').appendFileSync(process.env.MARKER, 'x'); process.exit(3)`;
    const command = `"${process.execPath}" -e "${script}"`;
    const server = { id: 'flaky', command, env: { MARKER: marker }, restart: 'on-failure' };
    await configuration.update('servers', [server], false);
    try {
      await commands.executeCommand('devServers.refresh');
      await commands.executeCommand('devServers.start', flaky);
      await until('the second start', async () => (await starts()) >= 2);
      await until('a further plan', () => plannedRestart(recordOf(api, flaky).state) !== undefined);
      await commands.executeCommand('devServers.stop', flaky);
      const started = await starts();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.deepEqual([await starts(), recordOf(api, flaky).state.kind], [started, 'crashed']);
    } finally {
      await configuration.update('servers', undefined, false);
      await rm(folder, { recursive: true });
    }
  });

  it('come from the settings, too, and invalid entries do not affect others', async () => {
    const configuration = workspace.getConfiguration('devServers');
    await configuration.update(
      'servers',
      [
        { id: 'site', name: 'Site', command: `"${process.execPath}" -e "setInterval(() => 0, 1000)"` },
        { id: 'bad', command: 7 },
      ],
      false,
    );
    try {
      await commands.executeCommand('devServers.refresh');
      const configured = api.registry.current.servers.filter(
        ({ definition }) => definition.source === 'settings',
      );
      assert.deepEqual(
        configured.map(({ definition }) => [definition.id, definition.name]),
        [['workspace:site', 'Site']],
      );
      await commands.executeCommand('devServers.start', 'workspace:site');
      await stateOf(api, 'workspace:site', 'starting');
    } finally {
      await commands.executeCommand('devServers.stop', 'workspace:site');
      await configuration.update('servers', undefined, false);
    }
  });
});
