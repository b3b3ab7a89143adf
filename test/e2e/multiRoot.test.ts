import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFree, until } from '../support/processes.js';
import { openWorkbench } from './support/workbench.js';

const api = ['apps/api', 'dev'];
const other = ['other', 'dev'];
const otherPort = 4100;

describe('a workspace of several folders', () => {
  for (const removedFolders of ['keep', 'stop']) {
    it(`${removedFolders}s the server of a folder that is removed, as the setting says`, async () => {
      let file = '';
      const write = (folders: readonly string[]): void =>
        writeFileSync(file, JSON.stringify({ folders: folders.map((path) => ({ path })) }));
      const workbench = await openWorkbench({
        settings: { 'devServers.removedFolders': removedFolders },
        open: 'all.code-workspace',
        prepare: (workspace) => {
          file = join(workspace, 'all.code-workspace');
          cpSync(join(workspace, 'apps/api'), join(workspace, '..', 'other'), { recursive: true });
          write(['.', '../other']);
        },
      });
      await workbench.openDevServers();
      await workbench.row(...api).waitFor();
      await workbench.clickRowAction(other, 'Start Server');
      await workbench.waitForRow(other, `http://localhost:${otherPort}`);
      await workbench.screenshot('10-folders');

      write(['.']);
      if (removedFolders === 'stop') {
        await until('the end of the server', () => isFree(otherPort));
        await workbench.row('other').waitFor({ state: 'detached' });
      } else {
        await until('the look at what is left', async () => (await workbench.row(...other).count()) === 1);
        assert.equal((await fetch(`http://localhost:${otherPort}`)).status, 200);
        await workbench.clickRowAction(other, 'Stop Server');
        await workbench.row('other').waitFor({ state: 'detached' });
      }
      assert.deepEqual(await workbench.close(), []);
    });
  }
});
