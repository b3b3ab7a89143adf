import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, workspace } from 'vscode';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { freePort, isAlive } from '../../support/processes.js';
import { activeApi, addressIn, portOf, recordOf, stateOf, stopAll } from '../support/servers.js';

const web = 'workspace/apps/web:dev';
const apiStart = 'workspace/apps/api:start';
const apiPort = portOf('api');

describe('a server whose port another program uses', () => {
  const foreignListeners: ChildProcess[] = [];
  let api: TestHooks;
  let packageFile = '';
  let original = '';
  before(async () => {
    api = await activeApi();
    packageFile = join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'apps/web/package.json');
    original = await readFile(packageFile, 'utf8');
  });
  afterEach(async () => {
    await stopAll(api);
    await setMode(undefined);
    await writeFile(packageFile, original);
    await commands.executeCommand('devServers.refresh');
    for (const child of foreignListeners.splice(0)) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  const setMode = (mode: string | undefined): Thenable<void> =>
    workspace.getConfiguration('devServers').update('portConflict', mode, false);

  /** Starts a process that listens on the port and belongs to no server. */
  async function startForeignListener(port: number): Promise<number> {
    const script = `require('net').createServer().listen(${port}, 'localhost', () => console.log(1))`;
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'], env });
    foreignListeners.push(child);
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  }

  /** Returns a port that a foreign process uses and that the `dev` script requests. */
  async function portInUse(): Promise<{ port: number; pid: number }> {
    const port = await freePort();
    const pid = await startForeignListener(port);
    await writeFile(packageFile, JSON.stringify({ scripts: { dev: `vite --port ${port}` } }));
    await commands.executeCommand('devServers.refresh');
    return { port, pid };
  }

  it('is started on a free port if the setting says so, passed to its script in the form that Vite accepts', async () => {
    await setMode('useFreePort');
    const { port, pid } = await portInUse();
    await commands.executeCommand('devServers.start', web);
    const ready = await stateOf(api, web, 'ready');
    const chosen = Number(new URL(addressIn(ready)).port);
    assert.ok(chosen > port, `${chosen} instead of ${port}`);
    assert.deepEqual([(await fetch(addressIn(ready))).status, isAlive(pid)], [200, true]);

    await commands.executeCommand('devServers.restart', web);
    assert.equal(addressIn(await stateOf(api, web, 'ready')), addressIn(ready));
  });

  it('is restarted on a free port if only its exit reveals the conflict', async () => {
    await setMode('useFreePort');
    const pid = await startForeignListener(apiPort);
    await commands.executeCommand('devServers.start', apiStart);
    const ready = await stateOf(api, apiStart, 'ready');
    assert.notEqual(new URL(addressIn(ready)).port, String(apiPort));
    assert.equal(isAlive(pid), true);
  });

  it('is not started if the setting says so', async () => {
    await setMode('fail');
    const { pid } = await portInUse();
    const told: string[] = [];
    const unsubscribe = api.processes.onEvent(({ kind }) => told.push(kind));
    await commands.executeCommand('devServers.start', web);
    unsubscribe();
    assert.deepEqual(
      [recordOf(api, web).state, told, isAlive(pid)],
      [{ kind: 'stopped', lastEnd: undefined }, [], true],
    );
  });
});
