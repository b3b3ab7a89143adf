import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { until } from '../support/processes.js';
import { test } from './support/test.js';

/** A link that runs a command, an icon, a page, and characters that are invisible or change the direction. */
const hostile =
  '[x](command:workbench.action.closeWindow) $(flame) <img src=x onerror="hostile=1"> \u202e\u200b\u{e0041}';

const hidden = /[\u200b\u202e\u{e0041}]|\p{Cs}/u;

/** Crashes with hostile output, and reports a folder to the editor as a shell does. */
const server = `
process.stdout.write('\\u001b]633;P;Cwd=/$(flame)\\u0007');
console.error('Error: ' + ${JSON.stringify(hostile)});
setTimeout(() => process.exit(3), 100);
`;

test('texts of a workspace are no links, icons or pages, and show what is invisible', async ({ open }) => {
  const workbench = await open({
    prepare: (workspace) => {
      rmSync(join(workspace, 'apps'), { recursive: true });
      mkdirSync(join(workspace, '.vscode'));
      writeFileSync(join(workspace, 'server.mjs'), server);
      const servers = ['one', 'two'].map((id) => ({
        id: `${id} ${hostile}`,
        name: `${id} ${hostile} \ud800\n${'long '.repeat(50)}`,
        command: `node server.mjs # ${hostile}`,
        group: hostile,
      }));
      const wrong = { id: 'wrong', command: 'x', [hostile]: 1 };
      const text = JSON.stringify({ servers: [...servers, wrong] });
      writeFileSync(join(workspace, '.vscode/dev-servers.json'), text);
    },
  });
  const { page } = workbench;
  const rows = workbench.tree.getByRole('treeitem');

  /** Asserts that elements are visible and harmless, and returns their texts. */
  async function harmless(elements: Locator): Promise<readonly string[]> {
    await elements.first().waitFor();
    const texts = await elements.allInnerTexts();
    assert.ok(texts.length > 0 && !texts.some((text) => hidden.test(text)), JSON.stringify(texts));
    const active = '.codicon-flame, img, a[href^="command:"], a[data-href^="command:"]';
    assert.equal(await elements.locator(active).count(), 0, JSON.stringify(texts));
    return texts;
  }

  await workbench.openDevServers();
  await rows.filter({ hasText: 'two [x]' }).waitFor();
  await harmless(rows);
  await workbench.runCommand('Dev Servers: Start Server');
  await harmless(workbench.picks);
  await page.keyboard.press('Escape');

  await workbench.runCommand('Dev Servers: Start All Servers');
  const crashes = workbench.notification('crashed (exit 3). Error: [x]');
  await until('both crashes', async () => (await rows.filter({ hasText: 'crashed (exit 3)' }).count()) >= 2);
  await crashes.first().waitFor();
  await harmless(page.locator('.notification-list-item'));
  await harmless(workbench.statusBarItem());
  const tabs = page.locator('.terminal-tabs-entry').filter({ hasText: '[x]' });
  // A click on a row shows its terminal.
  const rowOf = (id: string): Locator => rows.filter({ hasText: `${id} [x]` }).first();
  for (const id of ['one', 'two']) {
    // The tooltip of a row covers the next one.
    await workbench.leave();
    await rowOf(id).click({ position: { x: 80, y: 10 } });
  }
  await until('both terminals', async () => (await tabs.count()) === 2);
  await harmless(tabs);
  const tooltip = await workbench.tooltipOf(rowOf('one').locator('.label-name'), 'State: crashed');
  await harmless(tooltip);
  const lines = tooltip.locator('p');
  const widths = lines.evaluateAll((all) => all.map((line) => line.scrollWidth - line.clientWidth));
  assert.equal(Math.max(...(await widths)), 0, 'a line of the tooltip does not wrap');
  await workbench.screenshot('60-hostile-texts');

  await workbench.clickNotification('crashed (exit 3). Error: [x]', 'Show Log');
  const log = page.locator('.tabs-container .tab').filter({ hasText: '.log' });
  const [name = ''] = await harmless(log);
  assert.ok(name.length < 130, name);
  await page.locator('.editor-instance .view-lines').getByText('Error: [x]').first().waitFor();
  await workbench.runCommand('Problems: Focus on Problems View');
  await harmless(page.locator('.markers-panel .monaco-list-row'));
  await workbench.screenshot('61-hostile-log');
  assert.equal(await page.evaluate('globalThis.hostile'), undefined);
});
