import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';

const text = `{
  // The file that everyone who opens this folder gets.
  "servers": [
    {
      "id": "apps/web:dev",
      "name": "Shop [Learn more](command:workbench.action.closeSidebar)",
      "script": "dev",
      "cwd": "apps/web",
      "autoStart": true,
      "dependsOn": ["nobody"]
    },
    { "id": "hello", "command": "echo hello", "autoStart": true },
    { "id": "wrong", "command": "echo wrong", "restart": "often" }
  ]
}
`;

test.describe('the shared configuration of a folder', () => {
  const window = useWorkbench({
    prepare: (workspace) => {
      mkdirSync(join(workspace, '.vscode'));
      writeFileSync(join(workspace, '.vscode', 'dev-servers.json'), text);
    },
  });

  test('asks whether its servers may start with the window, and names them', async () => {
    const workbench = window();
    const question = workbench.notification(
      /Start these dev servers automatically when this workspace opens\? hello \(echo hello\), Shop/,
    );
    await question.waitFor();
    // A link in it would run a command of the editor at one click.
    const message = question.locator('.notification-list-item-message');
    assert.deepEqual(await message.locator('a').count(), 0);
    assert.match(await message.innerText(), /\[Learn more\]\u2060?\(command:/);
    await workbench.screenshot('20-auto-start');
    await workbench.clickNotification('Start these dev servers automatically', 'Show Details');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: `Folder: ${workbench.workspace}` }).waitFor();
    await workbench.screenshot('20-auto-start-details');
    await dialog.getByRole('button', { name: 'Never' }).click();
    await workbench.openDevServers();
    await workbench.waitForStopped(['workspace', 'hello']);
  });

  test('does not ask again after the answer Never', async () => {
    const workbench = window();
    await workbench.untilStored('"kind":"never"');
    await workbench.reload();
    await workbench.openDevServers();
    await workbench.row('workspace', 'hello').waitFor();
    assert.deepEqual(
      (await workbench.notificationTexts()).filter((each) =>
        each.includes('automatically when this workspace opens'),
      ),
      [],
    );
  });

  test('is completed, explained and checked in the editor', async () => {
    const workbench = window();
    const { page } = workbench;
    await workbench.clickRowMenu(['workspace', 'hello'], 'Customize…');
    const editor = page.locator('.editor-instance .monaco-editor').first();
    await editor.locator('.view-lines').getByText('echo hello').first().waitFor();

    await workbench.runCommand('Problems: Focus on Problems View');
    const problems = page.locator('.markers-panel-container');
    for (const part of ['There is no server "nobody"', 'Value is not accepted']) {
      await problems.getByText(part).first().waitFor();
    }
    await editor.locator('.view-line').getByText('"dependsOn"').first().hover();
    const hover = page.locator('.monaco-hover').filter({ hasText: 'Ids of servers that must be ready' });
    await hover.first().waitFor();
    await workbench.screenshot('21-configuration-problems');

    await workbench.leave();
    // The entry is selected; this puts the cursor behind its first brace.
    await workbench.runCommand('View: Focus Active Editor Group');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('"open');
    await page.keyboard.press('Control+Space');
    const widget = page.locator('.suggest-widget');
    await widget.getByText('openWhenReady').first().waitFor();
    await workbench.screenshot('22-configuration-completion');
    await page.keyboard.press('Escape');
  });

  test('gets the entry of a detected server from its menu', async () => {
    const workbench = window();
    const path = join(workbench.workspace, '.vscode', 'dev-servers.json');
    const unfinished = workbench.page.locator('.view-line').filter({ hasText: '"open' });
    await workbench.runCommand('View: Focus Active Editor Group');
    await workbench.runCommand('File: Revert File');
    await unfinished.waitFor({ state: 'hidden' });
    await workbench.row('workspace', 'hello').waitFor();
    await workbench.clickRowMenu(['apps/api', 'dev'], 'Customize…');
    await until('the new entry', () => readFileSync(path, 'utf8').includes('"id": "apps/api:dev"'));
    const kept = text.slice(0, text.indexOf('echo wrong'));
    assert.equal(readFileSync(path, 'utf8').slice(0, kept.length), kept);
    await workbench.screenshot('23-saved-as-configuration');
  });
});
