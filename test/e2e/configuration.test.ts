import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useWorkbench } from './support/useWorkbench.js';

const text = `{
  // What everybody gets who opens this folder.
  "servers": [
    {
      "id": "apps/web:dev",
      "name": "Shop",
      "script": "dev",
      "cwd": "apps/web",
      "autoStart": true,
      "dependsOn": ["nobody"],
      "restart": "often"
    },
    { "id": "hello", "command": "echo hello", "autoStart": true }
  ]
}
`;

describe('the shared configuration of a folder', () => {
  const window = useWorkbench({
    prepare: (workspace) => {
      mkdirSync(join(workspace, '.vscode'));
      writeFileSync(
        join(workspace, '.vscode', 'dev-servers.json'),
        text.replace(/,\n {6}"restart": "often"/, ''),
      );
    },
  });

  it('asks once whether its servers may start with the window, and names them', async () => {
    const workbench = window();
    const question = 'wants to start whenever this workspace is opened';
    await workbench.notification(/want to start whenever this workspace is opened: hello, Shop/).waitFor();
    await workbench.screenshot('20-auto-start');
    await workbench.clickNotification('want to start whenever', 'Never Here');
    await workbench.openDevServers();
    await workbench.waitForStopped(['workspace', 'hello']);
    await workbench.reload();
    await workbench.openDevServers();
    await workbench.row('workspace', 'hello').waitFor();
    assert.deepEqual(
      (await workbench.notificationTexts()).filter((each) => each.includes(question)),
      [],
    );
  });

  it('is completed, explained and checked in the editor', async () => {
    const workbench = window();
    const { page } = workbench;
    writeFileSync(join(workbench.workspace, '.vscode', 'dev-servers.json'), text);
    await workbench.clickRowMenu(['workspace', 'hello'], 'Configure Servers');
    const editor = page.locator('.editor-instance .monaco-editor').first();
    await editor.locator('.view-lines').getByText('echo hello').first().waitFor();

    await workbench.runCommand('Problems: Focus on Problems View');
    const problems = page.locator('.markers-panel-container');
    for (const part of ['there is no server "nobody"', 'Value is not accepted']) {
      await problems.getByText(part).first().waitFor();
    }
    await editor.locator('.view-line').getByText('"dependsOn"').first().hover();
    const hover = page.locator('.monaco-hover').filter({ hasText: 'Ids of servers that must be ready' });
    await hover.first().waitFor();
    await workbench.screenshot('21-configuration-problems');

    await workbench.leave();
    await editor.locator('.view-line').getByText('"cwd"').first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('"open');
    await page.keyboard.press('Control+Space');
    const widget = page.locator('.suggest-widget');
    await widget.getByText('openWhenReady').first().waitFor();
    await workbench.screenshot('22-configuration-completion');
    await page.keyboard.press('Escape');
  });

  it('gets a server that was found, by its menu', async () => {
    const workbench = window();
    await workbench.runCommand('File: Revert File');
    await workbench.clickRowMenu(['apps/api', 'dev'], 'Save as Configuration');
    const path = join(workbench.workspace, '.vscode', 'dev-servers.json');
    await workbench.page.locator('.view-lines').getByText('apps/api:dev').first().waitFor();
    assert.ok(readFileSync(path, 'utf8').startsWith(text.slice(0, text.indexOf('echo hello'))));
  });
});
