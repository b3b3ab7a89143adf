import { writeFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { test, useWorkbench } from '../e2e/support/test.js';
import type { Workbench } from '../e2e/support/workbench.js';
import { until } from '../support/processes.js';
import { animatedPng, type Frame } from './animatedPng.js';

const web = ['apps/web', 'dev'];
const api = ['apps/api', 'dev'];
const crashy = ['apps/crashy', 'dev'];

test.describe('the pictures of the README', () => {
  let workbench: Workbench;
  const window = useWorkbench();
  test.beforeAll(async () => {
    workbench = window();
    await workbench.page.setViewportSize({ width: 960, height: 560 });
    await workbench.openDevServers();
    await workbench.row(...web).waitFor();
  });

  test('the tour', async () => {
    const { page } = workbench;
    const frames: Frame[] = [];
    const frame = async (durationMs: number): Promise<void> => {
      frames.push({ png: await page.screenshot(), durationMs });
    };
    const point = (target: Locator): Promise<void> => pointAt(workbench, target);
    const start = workbench.row(...web).getByRole('button', { name: 'Start Server', exact: true });
    await frame(800);
    await point(workbench.row(...web));
    await point(start);
    await frame(900);
    await start.click();
    await workbench.waitForRow(web, 'starting');
    await frame(700);
    await workbench.waitForRow(web, workbench.addressOf('web'));
    await workbench.terminal.getByText('ready in').waitFor();
    await frame(1800);
    await point(workbench.row(...api));
    await workbench.clickRowAction(api, 'Start Server');
    await workbench.waitForRow(api, workbench.addressOf('api'));
    await frame(1200);
    await workbench.clickRowAction(crashy, 'Start Server');
    await workbench.waitForRow(crashy, 'crashed (exit 1)');
    await workbench.notification('crashy: dev crashed (exit 1)').waitFor();
    await workbench.leave();
    await frame(2200);
    await workbench.clickRow(web);
    await workbench.terminal.getByText('ready in').waitFor();
    await workbench.hover(web, 'Uptime');
    await point(workbench.row(...web));
    await frame(2500);
    await workbench.leave();
    await workbench.clickViewAction('Stop All Servers');
    for (const row of [web, api, crashy]) await workbench.waitForStopped(row);
    await workbench.leave();
    await frame(1500);
    writeFileSync(fromRoot('docs', 'pictures', 'tour.png'), animatedPng(frames));
  });

  test('a server and its buttons', async () => {
    await workbench.clickRowAction(web, 'Start Server');
    await workbench.waitForRow(web, workbench.addressOf('web'));
    await workbench.leave();
    await workbench.row(...web).hover();
    await pointAt(
      workbench,
      workbench.row(...web).getByRole('button', { name: 'Open in Browser', exact: true }),
    );
    await workbench.page.screenshot({
      path: fromRoot('docs', 'pictures', 'start.png'),
      clip: { x: 48, y: 37, width: 400, height: 250 },
    });
  });

  test('a server that the user adds', async () => {
    await hidePointer(workbench);
    await workbench.runCommand('Dev Servers: Add Server…');
    const answers = [
      ['Command that starts the server', 'node server.js'],
      ['Name of the server', 'admin'],
      ['Folder, relative to', 'apps/api'],
    ] as const;
    for (const [question, answer] of answers) {
      const { quickInput } = workbench;
      await quickInput.getByText(question).or(quickInput.getByPlaceholder(question)).first().waitFor();
      await quickInput.locator('input').first().fill(answer);
      await workbench.page.keyboard.press('Enter');
    }
    await workbench.row('admin').waitFor();
    await workbench.page.locator('.tab').filter({ hasText: 'dev-servers.json' }).waitFor();
    await workbench.page.screenshot({
      path: fromRoot('docs', 'pictures', 'add.png'),
      clip: { x: 48, y: 37, width: 760, height: 232 },
    });
  });

  test('the command line', async () => {
    const { page } = workbench;
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Terminal: Create New Terminal');
    const text = async (): Promise<string> => (await workbench.terminal.innerText()).trim();
    await until('a prompt', async () => /[#$%>]$/u.test(await text()));
    await workbench.focusTerminal();
    // Without the name of the machine.
    await page.keyboard.type("PS1='$ '; clear\n");
    await until('an empty terminal', async () => (await text()) === '$');
    for (const command of ['devservers ensure apps/web:dev', 'devservers logs apps/web:dev --lines 5']) {
      await page.keyboard.type(`${command}\n`);
      await until('the end of the command', async () => /:\d+\/[^$]*\n\s*\$$/u.test(await text()));
    }
    await workbench.terminal.getByText('ready in').waitFor();
    await workbench.leave();
    await workbench.page
      .locator('.part.panel')
      .screenshot({ path: fromRoot('docs', 'pictures', 'terminal.png') });
  });
});

/** A mouse pointer whose tip is its upper left corner. */
const pointer = `<svg xmlns="http://www.w3.org/2000/svg" width="18" height="26" viewBox="0 0 18 26">
  <path d="M1 1v20l5-4.6 3.2 7.4 3.4-1.5-3.2-7.3h7z" fill="white" stroke="black" stroke-width="1.5"/></svg>`;

/** Moves the mouse to the middle of an element, and draws a pointer there, which pictures do not show. */
async function pointAt(workbench: Workbench, target: Locator): Promise<void> {
  await target.hover();
  const box = await target.boundingBox();
  if (!box) throw new Error('The element is hidden.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await hidePointer(workbench);
  // The editor accepts no HTML as text.
  await workbench.page.evaluate(`
    document.body.append(Object.assign(document.createElement('img'), {
      id: 'pointer', src: ${JSON.stringify(`data:image/svg+xml,${encodeURIComponent(pointer)}`)},
      style: 'position: fixed; z-index: 100000; pointer-events: none; left: ${x}px; top: ${y}px',
    }))`);
}

async function hidePointer({ page }: Workbench): Promise<void> {
  await page.evaluate(`document.getElementById('pointer')?.remove()`);
}
