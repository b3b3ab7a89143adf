import assert from 'node:assert/strict';
import { isFree, killAll, until } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';
import type { Workbench } from './support/workbench.js';

const api = ['apps/api', 'dev'];
const web = ['apps/web', 'dev'];

/** Starts the API in a window where it is stopped. */
async function startApi(workbench: Workbench): Promise<void> {
  await workbench.openDevServers();
  await workbench.clickRowAction(api, 'Start Server');
  await workbench.waitForRow(api, workbench.addressOf('api'));
}

/** Starts the API in a window while another window runs it, and takes it over. */
async function takeOverApi(workbench: Workbench): Promise<void> {
  await workbench.openDevServers();
  await workbench.clickRowAction(api, 'Start Server');
  await workbench.clickNotification('api: dev is already running in another window', 'Stop and Start');
  await workbench.waitForRow(api, workbench.addressOf('api'));
}

test.describe('two windows on one folder', () => {
  const window = useWorkbench();

  test("list each other's servers, and one that closes stops only its own", async () => {
    const first = window();
    await startApi(first);

    const second = await first.openSecond();
    await second.openDevServers();
    await second.clickRowAction(api, 'Start Server');
    const notice = second.notification(
      `api: dev is already running in another window at ${first.urlOf('api')}/.`,
    );
    await second.waitForNotification(notice);
    await second.screenshot('8-another-window');
    await notice.getByRole('button', { name: 'Open', exact: true }).waitFor();
    assert.equal(await second.statusBarText(), 'Dev Servers');
    await notice.getByRole('button', { name: /^Use Port \d+$/u }).click();
    await second.waitForRow(api, new RegExp(String.raw`:(?!${first.portOf('api')}\b)\d+`, 'u'));

    await second.clickRowAction(web, 'Start Server');
    await second.waitForRow(web, first.addressOf('web'));
    await second.page.close({ runBeforeUnload: true });
    await until('the end of its server', () => isFree(first.portOf('web')));
    assert.equal((await fetch(first.urlOf('api'))).status, 200);
    await first.waitForRow(api, first.addressOf('api'));
  });

  test('can take a server over from each other', async () => {
    const first = window();
    const second = await first.openSecond();
    await takeOverApi(second);
    await first.waitForStopped(api);
    assert.deepEqual(await first.notificationTexts(), []);
    await second.page.close({ runBeforeUnload: true });
    await until('the end of its server', () => isFree(first.portOf('api')));
  });

  test('allow a take-over from a window whose page has crashed', async () => {
    const first = window();
    await startApi(first);
    const second = await first.crashAndOpenAnother();
    assert.equal((await fetch(first.urlOf('api'))).status, 200);
    await takeOverApi(second);
    // VS Code keeps the extension host of a page that crashed for hours.
    killAll(first.server.extensionHosts().slice(0, 1));
  });
});
