import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, useWorkbench } from './support/test.js';
import type { Workbench } from './support/workbench.js';

const answer = `node -e "require('http').createServer((_, answer) => answer.end('ok')).listen(0, '127.0.0.1')"`;
const servers = [
  { id: 'db', command: `while [ ! -f go ]; do sleep 0.1; done; ${answer}`, group: 'shop' },
  { id: 'api', command: answer, group: 'shop', dependsOn: ['db'] },
  { id: 'web', command: answer, group: 'shop', dependsOn: ['api', 'db'] },
  { id: 'seeds', command: 'node -e "process.exit(3)"', group: 'broken' },
  { id: 'worker', command: answer, group: 'broken', dependsOn: ['seeds'] },
  { id: 'mailer', command: answer, group: 'broken', dependsOn: ['seeds'] },
];

test.describe('a group of servers, used by a person', () => {
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

  test('shows who waits for whom while it starts', async () => {
    await workbench.clickRowAction(['shop'], 'Start Group');
    await workbench.waitForRow(['shop', 'api'], 'waiting for db');
    await workbench.waitForRow(['shop', 'web'], 'waiting for api and 1 more');
    await workbench.waitForRow(['shop'], 'starting: 0 of 3 ready');
    await workbench.leave();
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

  test('tells in one notification what kept several from starting', async () => {
    await workbench.clickRowAction(['broken'], 'Start Group');
    await workbench.waitForRow(['broken', 'worker'], 'not started: seeds crashed (exit 3)');
    await workbench.notification('worker, mailer were not started: seeds crashed (exit 3).').waitFor();
    await workbench.waitForRow(['broken'], '0 of 3 ready');
    await workbench.screenshot('42-group-failed');
  });

  test('stops by a click on its row', async () => {
    await workbench.clickRowAction(['shop'], 'Stop Group');
    for (const id of ['db', 'api', 'web']) await workbench.waitForStopped(['shop', id]);
    await workbench.row('shop').and(workbench.page.locator('[aria-label="shop, stopped"]')).waitFor();
  });
});
