import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from './support/test.js';

test.describe('a workspace with mistakes in it', () => {
  test('lists valid servers and reports ignored ones once', async ({ open }) => {
    const workbench = await open({
      prepare: (workspace) => {
        writeFileSync(join(workspace, 'apps/api/package.json'), '{ "scripts": ');
        mkdirSync(join(workspace, '.vscode'));
        const servers = [
          { id: 'site', command: 'true' },
          { id: 'bad', command: 7 },
        ];
        writeFileSync(
          join(workspace, '.vscode/settings.json'),
          JSON.stringify({ 'devServers.servers': servers }),
        );
      },
    });
    await workbench.openDevServers();
    await workbench.row('apps/web', 'dev').waitFor();
    await workbench.row('workspace', 'site').waitFor();
    assert.equal(await workbench.row('apps/api').count(), 0);
    const notice = '2 problems in your dev server configuration';
    await workbench.notification(notice).waitFor();
    await workbench.runCommand('Dev Servers: Refresh Servers');
    await workbench.clickNotification(notice, 'Show Log');
    const log = workbench.page.locator('.part.panel .view-lines');
    for (const part of ['apps/api/package.json', 'devServers.servers[1]'])
      await log.getByText(part).first().waitFor();
    await workbench.screenshot('12-problems');
  });
});
