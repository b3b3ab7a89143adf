import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { writeSettings } from '../../scripts/vscode/userSettings.mjs';
import { test } from '../e2e/support/test.js';
import type { Workbench } from '../e2e/support/workbench.js';

const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast-dark': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};
const widths = [220, 300, 480];

/** A server for each state. */
const servers = [
  { id: 'ready', command: 'npm run dev', cwd: 'apps/api' },
  { id: 'starting', command: 'sleep 1000', ready: { log: 'never', timeout: 1000 } },
  { id: 'waiting', command: 'sleep 1000', dependsOn: ['starting'] },
  { id: 'not ready', command: 'sleep 1000', port: 5314, ready: { http: '/', timeout: 1 } },
  { id: 'stopping', command: "trap '' TERM INT HUP; while :; do sleep 1; done", ready: { log: 'never' } },
  { id: 'crashed', command: 'echo "Error: no database"; exit 3' },
  { id: 'restarting', command: 'exit 1', restart: 'always' },
  { id: 'missing folder', command: 'npm run dev', cwd: 'apps/none' },
  { id: 'stopped', command: 'npx vite' },
  { id: 'a name that is much longer than the view is wide', command: 'npx vite --host' },
];

test('every state in four themes and three widths', async ({ open }) => {
  const workbench = await open({
    settings: { 'devServers.stopTimeout': 600 },
    prepare: (workspace) => {
      mkdirSync(join(workspace, '.vscode'), { recursive: true });
      writeFileSync(join(workspace, '.vscode', 'dev-servers.json'), JSON.stringify({ servers }));
    },
  });
  await workbench.openDevServers();
  for (const { id } of servers.slice(0, 8).filter((server) => server.id !== 'waiting'))
    await workbench.clickRowAction([id], 'Start Server');
  await workbench.clickRowAction(['waiting'], 'Start Server');
  await workbench.waitForRow(['ready'], workbench.addressOf('api'));
  await workbench.waitForRow(['not ready'], /not ready/u);
  await workbench.waitForRow(['restarting'], /gave up/u);
  await workbench.clickRowAction(['stopping'], 'Stop Server');
  await workbench.page.keyboard.press('Escape');
  for (const [name, theme] of Object.entries(themes)) {
    writeSettings(workbench.server.userData, {
      'workbench.colorTheme': theme,
      'devServers.onWindowClose': 'stop',
      'devServers.stopTimeout': 1,
    });
    await workbench.page.locator(`.monaco-workbench.${classes[name as keyof typeof themes]}`).waitFor();
    for (const width of widths) await takeSidebar(workbench, `${name}-${width}`, width);
  }
});

const classes = {
  dark: 'vs-dark:not(.hc-black)',
  light: 'vs',
  'high-contrast-dark': 'hc-black',
  'high-contrast-light': 'hc-light',
};

/** Drags the border of the sidebar and takes its picture. */
async function takeSidebar({ page }: Workbench, name: string, width: number): Promise<void> {
  const sidebar = page.locator('.part.sidebar');
  const box = await sidebar.boundingBox();
  if (!box) throw new Error('The sidebar is hidden.');
  await page.mouse.move(box.x + box.width, box.y + 500);
  await page.mouse.down();
  await page.mouse.move(box.x + width, box.y + 500, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(900, 300);
  await sidebar.screenshot({ path: fromRoot('test-results', 'pictures', `${name}.png`) });
}
