import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { test, type Open } from '../e2e/support/test.js';
import type { Workbench } from '../e2e/support/workbench.js';
import { until } from '../support/processes.js';

/** Names of the themes in the editor's list, and the class of the window that has one. */
const themes = {
  dark: { label: 'Dark Modern', shown: '.vs-dark' },
  light: { label: 'Light Modern', shown: '.vs' },
  'high-contrast-dark': { label: 'Dark High Contrast', shown: '.hc-black' },
  'high-contrast-light': { label: 'Light High Contrast', shown: '.hc-light' },
};
const widths = [220, 300, 480];
/** Languages whose texts are the longest and the widest of the translations. */
const languages = ['de', 'ja', 'zh-cn'];

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

const notStarted = new Set(['stopped', 'a name that is much longer than the view is wide']);

test('every state in four themes and three widths', async ({ open }) => {
  const workbench = await openStates(open);
  for (const [name, theme] of Object.entries(themes)) {
    await chooseTheme(workbench, theme);
    for (const width of widths) await takeSidebar(workbench, `${name}-${width}`, width);
    await takeWindow(workbench, `window-${name}`);
  }
});

for (const language of languages) {
  test(`every state in ${language}`, async ({ open }) => {
    const workbench = await openStates(open, language);
    for (const width of widths) await takeSidebar(workbench, `${language}-${width}`, width);
    await workbench.hover(['crashed'], 'no database');
    await takeWindow(workbench, `window-${language}`);
    await workbench.leave();
    await workbench.row('ready').click({ button: 'right' });
    await workbench.page.getByRole('menuitem').first().waitFor();
    await takeWindow(workbench, `menu-${language}`);
    await workbench.page.keyboard.press('Escape');
  });
}

/** Opens a window with a server in each state. */
async function openStates(open: Open, language?: string): Promise<Workbench> {
  const workbench = await open({
    settings: { 'devServers.stopTimeout': 600 },
    prepare: (workspace) => {
      mkdirSync(join(workspace, '.vscode'), { recursive: true });
      writeFileSync(join(workspace, '.vscode', 'dev-servers.json'), JSON.stringify({ servers }));
    },
  });
  await workbench.openDevServers();
  if (language !== undefined) {
    await workbench.page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${language}'`);
    await workbench.reload();
  }
  for (const { id } of servers) if (!notStarted.has(id)) await press(workbench, id, startIcon);
  await workbench.waitForRow(['ready'], workbench.addressOf('api'));
  await workbench.row('not ready').locator('.codicon-warning').waitFor();
  await workbench.waitForRow(['restarting'], '5');
  await press(workbench, 'stopping', stopIcon);
  return workbench;
}

/** Icons of the buttons, whose titles differ with the language. */
const startIcon = '.codicon-play';
const stopIcon = '.codicon-debug-stop';

const picture = (name: string): string => fromRoot('out', 'pictures', `${name}.png`);

/** Maximum wait for one attempt to press a button, milliseconds. */
const attemptMs = 5000;

/** Presses a button of a row until the state of its server changes: a row that is redrawn may lose a click. */
async function press(workbench: Workbench, id: string, icon: string): Promise<void> {
  const row = workbench.row(id);
  const before = await row.getAttribute('aria-label');
  await until(`${icon} of ${id}`, async () => {
    if ((await row.getAttribute('aria-label')) !== before) return true;
    await workbench.leave();
    await row.hover();
    await row
      .locator(icon)
      .click({ timeout: attemptMs })
      .catch(() => undefined);
    return false;
  });
}

/** Chooses a theme as a user does: the editor reads its settings file when it starts only. */
async function chooseTheme(workbench: Workbench, { label, shown }: { label: string; shown: string }) {
  await workbench.runCommand('Preferences: Color Theme');
  await workbench.quickInput.locator('input').first().fill(label);
  await workbench.pick(label);
  await workbench.page.locator(`.monaco-workbench${shown}`).waitFor();
}

/** Takes a picture of the whole window, in which tooltips and menus are not half transparent, as they are while they open. */
async function takeWindow({ page }: Workbench, name: string): Promise<void> {
  await page.screenshot({ path: picture(name), animations: 'disabled' });
}

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
  await sidebar.screenshot({ path: picture(name) });
}
