import assert from 'node:assert/strict';
import { bind } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';
import type { Workbench } from './support/workbench.js';

const web = ['apps/web', 'dev'];
const api = ['apps/api', 'dev'];
const crashy = ['apps/crashy', 'dev'];

test.describe('the sidebar', () => {
  let workbench: Workbench;
  const window = useWorkbench();
  test.beforeAll(async () => {
    workbench = window();
    await workbench.openDevServers();
  });

  test('lists the servers of the workspace by package', async () => {
    await workbench.row(...web).waitFor();
    const labels = await workbench.tree.getByRole('treeitem').locator('.label-name').allInnerTexts();
    assert.deepEqual(labels, [
      'apps/api',
      'dev',
      'start',
      'crashy',
      'docs',
      'stubborn',
      'apps/web',
      'dev',
      'preview',
    ]);
    const descriptions = [web, crashy, ['apps/docs', 'serve']].map((row) =>
      workbench.rowDescription(...row).innerText(),
    );
    assert.deepEqual(await Promise.all(descriptions), ['vite', 'dev · node', 'serve · http.server']);
    await workbench.screenshot('1-servers');
  });

  test('starts a server on a click and shows its terminal and its address', async () => {
    await workbench.clickRowAction(web, 'Start Server');
    await workbench.waitForRow(web, workbench.addressOf('web'));
    await workbench.terminal.getByText('ready in').waitFor();
    assert.equal(await workbench.statusBarText(), '1 running');
    await workbench.screenshot('2-ready');
  });

  test('shows process and address in a tooltip', async () => {
    const tooltip = await workbench.hover(web, 'Uptime');
    const text = (await tooltip.innerText()).replaceAll('\u00a0', ' ');
    for (const part of [
      `URL: http://localhost${workbench.addressOf('web')}/`,
      'Command: npm run dev',
      'Script: vite',
      'Folder:',
      'PID:',
      'Started:',
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    await workbench.screenshot('3-tooltip');
    await workbench.page.keyboard.press('Escape');
  });

  test('opens the address in the browser', async () => {
    const opened = workbench.context.waitForEvent('page');
    await workbench.clickRowAction(web, 'Open in Browser');
    const page = await opened;
    await page.getByRole('heading', { name: 'Example web app' }).waitFor();
    assert.equal(new URL(page.url()).port, String(workbench.portOf('web')));
    await page.close();
  });

  test('passes keys to the server: Vite shows its help', async () => {
    await workbench.focusTerminal();
    await workbench.page.keyboard.type('h');
    await workbench.page.keyboard.press('Enter');
    await workbench.terminal.getByText('restart the server').waitFor();
  });

  test('reports a crash with the next step', async () => {
    await workbench.clickRowAction(crashy, 'Start Server');
    await workbench.waitForRow(crashy, 'crashed (exit 1)');
    const notice = workbench.notification('crashy: dev crashed (exit 1)');
    await notice.waitFor();
    await workbench.screenshot('4-crash');
    await workbench.clickNotification('crashy: dev crashed (exit 1)', 'Show Terminal');
    await workbench.terminal.getByText('Press Enter to start it again').waitFor();
    assert.equal(await workbench.statusBarText(), 'crashy: dev crashed, 1 running');
  });

  test('starts a server on a double-click, and never stops it on another click', async () => {
    await workbench.doubleClickRow(api);
    await workbench.waitForRow(api, workbench.addressOf('api'));
    await workbench.clickRow(web);
    await workbench.terminal.getByText('restart the server').waitFor();
    await workbench.doubleClickRow(api);
    await workbench.terminal.getByText('API ready at').waitFor();
    await workbench.waitForRow(api, workbench.addressOf('api'));
  });

  test('works with the keyboard alone: Enter starts and shows, Space does nothing, Delete stops', async () => {
    await workbench.clickRow(api);
    await workbench.page.keyboard.press('Delete');
    await workbench.waitForStopped(api);
    await workbench.page.keyboard.press('Space');
    await workbench.page.keyboard.press('Enter');
    await workbench.waitForRow(api, workbench.addressOf('api'));
    await workbench.page.keyboard.press('Delete');
    await workbench.waitForStopped(api);
  });

  test('clears a crash that the user dismisses', async () => {
    await workbench.clickRowAction(crashy, 'Dismiss');
    await workbench.waitForStopped(crashy);
    assert.equal(await workbench.statusBarText(), '1 running');
    await workbench.clickRowAction(crashy, 'Start Server');
    await workbench.waitForRow(crashy, 'crashed (exit 1)');
  });

  test('opens the line of package.json that defines a server', async () => {
    await workbench.clickRowMenu(web, 'Go to Definition');
    const line = workbench.page.locator('.editor-instance .view-line').filter({ hasText: '"dev": "vite"' });
    await line.waitFor();
    await workbench.page.locator('.tab').filter({ hasText: 'package.json' }).waitFor();
  });

  test('starts and opens servers from the menu of the status bar', async () => {
    await workbench.statusBarItem().click();
    await workbench.screenshot('5-menu');
    await workbench.pick('api: dev');
    await workbench.waitForRow(api, workbench.addressOf('api'));
    await workbench.statusBarItem().click();
    await workbench.pick('api: dev');
    await workbench.picks.filter({ hasText: 'Open in Browser' }).waitFor();
    await workbench.screenshot('6-actions');
    await workbench.pick('Stop');
    await workbench.waitForStopped(api);
    await bind(workbench.portOf('api'));
  });

  test('asks which server when a command of the palette needs one', async () => {
    await workbench.clickRowAction(api, 'Start Server');
    await workbench.waitForRow(api, workbench.addressOf('api'));
    await workbench.runCommand('Dev Servers: Restart Server');
    await workbench.pick('api: dev');
    await workbench.terminal.getByText('Restarted at').waitFor();
    await workbench.waitForRow(api, workbench.addressOf('api'));
    await workbench.runCommand('Dev Servers: Show Terminal');
    await workbench.pick('web: dev');
    await workbench.terminal.getByText('restart the server').waitFor();
  });

  test('stops all servers with one click', async () => {
    await workbench.clickViewAction('Stop All Servers');
    for (const row of [web, api]) await workbench.waitForStopped(row);
    await workbench.screenshot('7-stopped');
    for (const server of ['web', 'api']) await bind(workbench.portOf(server));
    assert.deepEqual(workbench.serverPids(), []);
  });
});
