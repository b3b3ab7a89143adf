import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, useWorkbench } from './support/test.js';
import type { Workbench } from './support/workbench.js';

// A port of the system that nothing announces counts as the server's only after ten seconds.
const answer =
  `node -e "require('http').createServer((_, answer) => answer.end('ok'))` +
  `.listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); })"`;
const servers = [
  { id: 'db', command: `while [ ! -f go ]; do sleep 0.1; done; ${answer}`, group: 'shop' },
  { id: 'api', command: answer, group: 'shop', dependsOn: ['db'] },
  { id: 'web', command: answer, group: 'shop', dependsOn: ['api', 'db'] },
  { id: 'seeds', command: 'node -e "process.exit(3)"', group: 'broken' },
  { id: 'worker', command: answer, group: 'broken', dependsOn: ['seeds'] },
  { id: 'mailer', command: answer, group: 'broken', dependsOn: ['seeds'] },
];

test.describe('a group of servers in the view', () => {
  let workbench: Workbench;
  const window = useWorkbench({
    prepare: (workspace) => {
      mkdirSync(join(workspace, '.vscode'), { recursive: true });
      const settings = { 'devServers.servers': servers };
      writeFileSync(join(workspace, '.vscode/settings.json'), JSON.stringify(settings));
    },
  });
  test.beforeAll(async () => {
    workbench = window();
    await workbench.openDevServers();
  });

  test('shows which server waits for which while it starts', async () => {
    await workbench.clickRowAction(['shop'], 'Start Group');
    await workbench.waitForRow(['shop', 'api'], 'waiting for db');
    await workbench.waitForRow(['shop', 'web'], 'waiting for api and 1 more');
    await workbench.waitForRow(['shop'], 'starting: 0 of 3 ready');
    await workbench.leave();
    // A progress of the view would show an icon in place of the number.
    await workbench.page.locator('.activitybar .badge-content').getByText('3', { exact: true }).waitFor();
    await workbench.screenshot('40-group-starting');
    const tooltip = await workbench.hover(['shop', 'web'], 'Depends on');
    const text = (await tooltip.innerText()).replaceAll('\u00a0', ' ');
    assert.ok(text.includes('Depends on: api, db'), text);
    await workbench.page.keyboard.press('Escape');
  });

  test('is ready when all of them are', async () => {
    writeFileSync(join(workbench.workspace, 'go'), '');
    await workbench.waitForRow(['shop'], '3 of 3 ready');
    await workbench.screenshot('41-group-ready');
  });

  test('opens no list of servers on a click while its row is redrawn', async () => {
    const stopButton = (id: string) =>
      workbench
        .row('shop', id)
        .getByRole('button', { name: 'Stop Server', exact: true, includeHidden: true })
        .elementHandle();
    const buttons = [await stopButton('web'), await stopButton('api')];
    // The window is busy while the extension host redraws the group, and sends the second click before it learns of that.
    await workbench.page.evaluate(([web, api]: readonly ({ click(): void } | null)[]) => {
      web?.click();
      const end = performance.now() + 2000;
      while (performance.now() < end);
      api?.click();
    }, buttons);
    const running = workbench.row('shop', 'api').filter({ hasText: /:\d/ });
    const stopping = workbench.row('shop', 'api').filter({ hasNotText: /:\d/ });
    // An extension host that is slower gets the second click before it redraws, and knows the row.
    await workbench.clickAgain.or(stopping).first().waitFor();
    await workbench.screenshot('41-click-while-redrawn');
    assert.equal(await workbench.quickInput.count(), 0);
    await workbench.waitForStopped(['shop', 'web']);
    if (await running.isVisible()) await workbench.clickRowAction(['shop', 'api'], 'Stop Server');
    await workbench.waitForStopped(['shop', 'api']);
    assert.equal(await workbench.clickAgain.count(), 0);
    await workbench.runCommand('Dev Servers: Stop Server');
    await workbench.picks.first().waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  test('reports in one notification why several servers were not started', async () => {
    await workbench.clickRowAction(['broken'], 'Start Group');
    await workbench.waitForRow(['broken', 'worker'], 'seeds crashed (exit 3)');
    await workbench.notification('worker, mailer were not started: seeds crashed (exit 3).').waitFor();
    await workbench.waitForRow(['broken'], '0 of 3 ready');
    await workbench.screenshot('42-group-failed');
  });

  test('stops by a click on its row', async () => {
    await workbench.clickRowAction(['shop'], 'Stop Group');
    for (const id of ['db', 'api', 'web']) await workbench.waitForStopped(['shop', id]);
    await workbench.row('shop').and(workbench.page.locator('[aria-label="shop, stopped"]')).waitFor();
  });

  test('stays usable among many packages', async () => {
    writePackages(workbench.workspace, 65);
    await workbench.row('apps/p1').waitFor();
    await workbench.screenshot('43-many-folded');
    await workbench.clickViewAction('Filter Servers…');
    await workbench.quickInput.locator('input').first().fill('p42');
    await workbench.waitForStopped(['apps/p42', 'dev']);
    await workbench.waitForStopped(['apps/p42', 'preview']);
    await workbench.screenshot('44-many-filtered');
    await workbench.page.keyboard.press('Enter');
    await workbench.clickRowAction(['apps/p42'], 'Start Main Server');
    await workbench.waitForRow(['apps/p42', 'dev'], /:\d+/);
    await workbench.waitForStopped(['apps/p42', 'preview']);
    await workbench.clickViewAction('Clear Filter');
    await workbench.row('apps/p1').waitFor();
    await workbench.waitForRow(['apps/p42', 'dev'], /:\d+/);
    await workbench.leave();
    await workbench.screenshot('45-many-running-first');
    await workbench.runCommand('Dev Servers: Start Server');
    await workbench.quickInput.locator('input').first().fill('preview apps/p42');
    await workbench.picks.filter({ hasText: 'p42: preview' }).filter({ hasText: 'apps/p42' }).waitFor();
    await workbench.screenshot('46-many-picked');
    await workbench.page.keyboard.press('Escape');
    await workbench.clickRowAction(['apps/p42', 'dev'], 'Stop Server');
    await workbench.waitForStopped(['apps/p42', 'dev']);
  });
});

/** Writes packages with a server for development, whose port is free, and a preview. */
function writePackages(folder: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const path = join(folder, 'apps', `p${index}`);
    mkdirSync(path, { recursive: true });
    const scripts = { dev: answer, preview: 'vite preview' };
    writeFileSync(join(path, 'package.json'), JSON.stringify({ scripts }));
  }
}
