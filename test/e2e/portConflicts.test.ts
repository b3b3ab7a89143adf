import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, isAlive, isFree, until } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';

const site = ['workspace', 'site'];
const api = ['apps/api', 'start'];

test.describe('a port that another program uses', () => {
  const foreignListeners: ChildProcess[] = [];
  let port = 0;
  let settings: readonly string[] = [];

  const window = useWorkbench({
    settings: {
      'devServers.showTerminalOnStart': false,
      // VS Code rewrites these at the start; with these values it changes nothing.
      'workbench.colorTheme': 'Dark Modern',
      'extensions.autoUpdate': 'off',
    },
    prepare: async (workspace) => {
      port = await freePort();
      mkdirSync(join(workspace, '.vscode'));
      const server = { id: 'site', command: `node apps/api/server.js`, port, env: { PORT: String(port) } };
      writeFileSync(
        join(workspace, '.vscode/settings.json'),
        `{ // mine\n  "devServers.servers": [${JSON.stringify(server)}] }\n`,
      );
    },
  });

  /** Returns the settings files of the user and the workspace. */
  const readSettings = (): string[] =>
    [join(window().server.userData, 'settings.json'), join(window().workspace, '.vscode/settings.json')].map(
      (path) => readFileSync(path, 'utf8'),
    );

  /** Starts a process that no window started and that answers on the port. */
  async function startForeignListener(listenPort: number): Promise<number> {
    const script = `require('http').createServer((_, r) => r.end('stranger')).listen(${listenPort}, 'localhost', () => console.log(1))`;
    const child = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: '/tmp',
    });
    foreignListeners.push(child);
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  }

  test.beforeAll(async () => {
    settings = readSettings();
    await window().openDevServers();
  });
  test.afterEach(async () => {
    // Ends them first, so that they do not outlive a window that hangs.
    for (const child of foreignListeners.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await window().runCommand('Dev Servers: Stop All Servers');
    // A click may miss a row that is being redrawn.
    for (const row of [site, api]) await window().waitForStopped(row);
  });

  test('is named before the start, and a free one is used instead, without a change of any setting', async () => {
    const workbench = window();
    const pid = await startForeignListener(port);
    await workbench.clickRowAction(site, 'Start Server');
    const notice = workbench.notification(`site: Port ${port} is already in use by node (PID ${pid}, for `);
    await workbench.waitForNotification(notice);
    await notice.getByRole('button', { name: 'Open', exact: true }).waitFor();
    await workbench.screenshot('30-port-in-use');
    const use = notice.getByRole('button', { name: /^Use \d+$/u });
    const chosen = Number(/\d+$/u.exec(await use.innerText())?.[0]);
    assert.ok(chosen > port && (await isFree(chosen)), String(chosen));
    await use.click();
    await workbench.waitForRow(site, `:${chosen}`);
    await workbench.screenshot('31-free-port');
    assert.deepEqual(
      [await textAt(chosen), await textAt(port), isAlive(pid), readSettings()],
      ['{"message":"Hello from the API"}', 'stranger', true, settings],
    );

    const first = workbench.serverPids();
    await workbench.clickRowAction(site, 'Restart Server');
    await until('the end of the first run', () => !first.some(isAlive));
    await workbench.waitForRow(site, `:${chosen}`);
    assert.deepEqual(await workbench.notificationTexts(), []);
  });

  test('is freed by killing the other program only after a second question', async () => {
    const workbench = window();
    const pid = await startForeignListener(port);
    await workbench.clickRowAction(site, 'Start Server');
    await workbench.clickNotification(`Port ${port} is already in use by node (PID ${pid}`, 'Stop and Start');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await workbench.screenshot('32-stop-stranger');
    const text = await dialog.innerText();
    for (const part of [
      `Stop node (PID ${pid}), which is using port ${port}?`,
      'Folder: /tmp',
      'Running for:',
    ])
      assert.ok(text.includes(part), text);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(isAlive(pid), true);

    await workbench.clickRowAction(site, 'Start Server');
    await workbench.clickNotification(`Port ${port} is already in use by node (PID ${pid}`, 'Stop and Start');
    await dialog.getByRole('button', { name: 'Stop It' }).click();
    await workbench.waitForRow(site, `:${port}`);
    assert.deepEqual(
      [isAlive(pid), await textAt(port), readSettings()],
      [false, '{"message":"Hello from the API"}', settings],
    );
  });

  test('is named, too, if only the server finds it in use and exits', async () => {
    const workbench = window();
    const apiPort = workbench.portOf('api');
    const pid = await startForeignListener(apiPort);
    await workbench.clickRowAction(api, 'Start Server');
    const notice = workbench.notification(
      `api: start: Port ${apiPort} is already in use by node (PID ${pid}, for `,
    );
    await workbench.waitForNotification(notice);
    await workbench.waitForRow(api, 'crashed (exit 1)');
    await workbench.screenshot('33-port-in-use-after-start');
    await notice.getByRole('button', { name: `Use ${apiPort + 1}` }).click();
    await workbench.waitForRow(api, `:${apiPort + 1}`);
    assert.deepEqual([await textAt(apiPort), readSettings()], ['stranger', settings]);
  });
});

async function textAt(port: number): Promise<string> {
  return (await fetch(`http://localhost:${port}/`)).text();
}
