import assert from 'node:assert/strict';
import { isFree, until } from '../support/processes.js';
import { openWorkbench, type Workbench } from './support/workbench.js';

const api = ['apps/api', 'dev'];
const web = ['apps/web', 'dev'];

/** Opens a window and starts the API in it. */
async function openWithApi(): Promise<Workbench> {
  const workbench = await openWorkbench();
  await workbench.openDevServers();
  await workbench.clickRowAction(api, 'Start Server');
  await workbench.waitForRow(api, 'http://localhost:4100');
  return workbench;
}

/** Starts the API in a window while another window runs it, and takes it over. */
async function takeOverApi(workbench: Workbench): Promise<void> {
  await workbench.openDevServers();
  await workbench.clickRowAction(api, 'Start Server');
  await workbench.clickNotification('api: dev already runs in another window', 'Stop It and Start');
  await workbench.waitForRow(api, 'http://localhost:4100');
}

describe('two windows on one folder', () => {
  it('know of each other, and one that closes takes only its own servers along', async () => {
    const first = await openWithApi();

    const second = await first.openSecond();
    await second.openDevServers();
    await second.clickRowAction(api, 'Start Server');
    const notice = second.notification('api: dev already runs in another window at http://localhost:4100/.');
    await notice.waitFor();
    await second.screenshot('8-another-window');
    await notice.getByRole('button', { name: 'Open It' }).waitFor();
    assert.equal(await second.statusBarText(), 'Dev Servers');
    await notice.getByRole('button', { name: /^Use Free Port \d+$/u }).click();
    await second.waitForRow(api, /http:\/\/localhost:(?!4100)\d+/);

    await second.clickRowAction(web, 'Start Server');
    await second.waitForRow(web, 'http://localhost:5173');
    await second.page.close({ runBeforeUnload: true });
    await until('the end of its server', () => isFree(5173));
    assert.equal((await fetch('http://localhost:4100')).status, 200);
    await first.waitForRow(api, 'http://localhost:4100');
    assert.deepEqual(await first.close(), []);
  });

  it('can take a server over from each other', async () => {
    const first = await openWithApi();
    const second = await first.openSecond();
    await takeOverApi(second);
    await first.waitForRow(api, 'stopped by the user');
    assert.deepEqual(await first.notificationTexts(), []);
    assert.deepEqual(await first.close(), []);
  });

  it('may be one whose page crashed: what it runs can be taken over', async () => {
    const first = await openWithApi();
    const second = await first.crashAndOpenAnother();
    assert.equal((await fetch('http://localhost:4100')).status, 200);
    await takeOverApi(second);
    assert.deepEqual(await first.close(), []);
  });
});
