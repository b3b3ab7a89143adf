import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagedExtension } from '../support/packagedExtension.js';
import { bind } from '../support/processes.js';
import { test } from './support/test.js';

test.describe('the package', () => {
  let folder: string;
  let vsix: string;
  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-package-'));
    vsix = await packagedExtension(folder);
  });
  test.afterAll(() => rmSync(folder, { recursive: true }));

  test('is installed into VS Code and starts and stops a server there', async ({ open }) => {
    const workbench = await open({ ownEditor: { vsix } });
    const api = ['apps/api', 'dev'];
    await workbench.openDevServers();
    await workbench.clickRowAction(api, 'Start Server');
    await workbench.waitForRow(api, workbench.addressOf('api'));
    assert.equal((await fetch(workbench.urlOf('api'))).status, 200);
    await workbench.clickRowAction(api, 'Stop Server');
    await workbench.waitForStopped(api);
    await bind(workbench.portOf('api'));
  });
});
