import assert from 'node:assert/strict';
import { join } from 'node:path';
import { freePort, until } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';
import type { Workbench } from './support/workbench.js';

const serverScript = join(process.cwd(), 'test/fixtures/processes/server.mjs');

/** Returns an entry of `devServers.servers` that starts a fixture. */
function entry(
  id: string,
  steps: readonly unknown[],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { id, command: `"${process.execPath}" "${serverScript}" '${JSON.stringify(steps)}'`, ...more };
}

test.describe('running servers', () => {
  const mute = ['workspace', 'mute'];
  const first = ['workspace', 'first'];
  const second = ['workspace', 'second'];
  const site = ['workspace', 'site'];
  let workbench: Workbench;
  let port = 0;
  let shared = 0;
  let sitePort = 0;
  const window = useWorkbench(async () => {
    [port, shared, sitePort] = [await freePort(), await freePort(), await freePort()];
    const announced = { print: `http://localhost:${shared}/` };
    return {
      settings: {
        'devServers.showTerminalOnStart': false,
        'devServers.servers': [
          entry('mute', [{ listen: { port, statuses: [500] } }, { print: `http://localhost:${port}/` }], {
            ready: { timeout: 2 },
          }),
          entry('first', [{ listen: { port: shared, host: '127.0.0.1' } }, announced]),
          entry('site', [{ listen: { port: sitePort } }, { print: `http://localhost:${sitePort}/` }]),
          entry('second', [{ listen: { port: shared, host: '::1' } }, announced]),
        ],
      },
    };
  });
  test.beforeAll(async () => {
    workbench = window();
    await workbench.openDevServers();
  });

  test('that are not ready in time list the attempts in row, tooltip, status bar and a notification', async () => {
    await workbench.clickRowAction(mute, 'Start Server');
    await workbench.waitForRow(mute, `not ready · :${port}`);
    await workbench.notification('mute is not ready after 2 s.').waitFor();
    assert.equal(await workbench.statusBarText(), 'mute not ready');
    await workbench.screenshot('20-not-ready');
    await workbench.clickNotification('mute is not ready after 2 s.', 'Show Terminal');
    await workbench.terminal.getByText('GET /').first().waitFor();
    // On a slow machine the first notice is of a request under way.
    const tooltip = await workbench.hover(mute, 'responded with 500');
    const text = (await tooltip.innerText()).replaceAll('\u00a0', ' ');
    assert.ok(text.includes(`Checked: http://localhost:${port}/: responded with 500`), text);
    assert.equal(await tooltip.locator('a').count(), 0, 'text from outside became a link');
    await workbench.screenshot('20-not-ready-tooltip');
    await workbench.page.keyboard.press('Escape');
    await workbench.leave();
    await tooltip.waitFor({ state: 'hidden' });
    await workbench.clickRowAction(mute, 'Stop Server');
  });

  test('that share a port show the only address that leads to them', async () => {
    await workbench.clickRowAction(first, 'Start Server');
    await workbench.waitForRow(first, `:${shared}`);
    await workbench.clickRowAction(second, 'Start Server');
    await workbench.waitForRow(second, `[::1]:${shared} · port shared with another program`);
    await workbench.waitForRow(first, `127.0.0.1:${shared} · port shared with another program`);
    await workbench.notification('Another program uses the same port as second.').waitFor();
    await workbench.screenshot('21-shared-port');
  });

  test('keep their terminal at a restart, with all output, and a line between the runs', async () => {
    await workbench.clickRowAction(site, 'Start Server');
    await workbench.waitForRow(site, `:${sitePort}`);
    await workbench.clickRowMenu(site, 'Show Terminal');
    await workbench.terminal.getByText('GET /').first().waitFor();
    const tabs = await workbench.page.locator('.terminal-tabs-entry').count();
    await workbench.clickRowAction(site, 'Restart Server');
    await workbench.terminal.getByText('Restarted at').waitFor();
    await workbench.waitForRow(site, `:${sitePort}`);
    const written = async () => (await workbench.terminal.innerText()).replaceAll('\u00a0', ' ');
    // A run may get several requests if the steps before its end are slow.
    const run = String.raw`http://localhost:\d+/(?:\s+GET /)+`;
    const both = new RegExp(String.raw`${run}[^]*── Restarted at .* ──\s+${run}`, 'u');
    await until('both runs', async () => both.test(await written()));
    assert.equal(await workbench.page.locator('.terminal-tabs-entry').count(), tabs, 'a second terminal');
    await workbench.screenshot('22-restart');
  });
});
