import assert from 'node:assert/strict';
import { test } from './support/test.js';

test.describe('a workspace that is not trusted', () => {
  test('lists nothing, starts nothing and says why, until it is trusted', async ({ open }) => {
    const workbench = await open({ ownEditor: { askForTrust: true } });
    const { page } = workbench;
    await page
      .locator('.activitybar')
      .getByRole('tab', { name: /^Dev Servers/ })
      .click();
    const why = page.locator('.part.sidebar').getByText('Starting a server runs code from this workspace');
    await why.waitFor();
    await workbench.screenshot('11-untrusted');
    assert.equal(await workbench.tree.getByRole('treeitem').count(), 0);
    await page.locator('.part.sidebar').getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: /^Trust/ })
      .first()
      .click();
    await workbench.row('apps/web', 'dev').waitFor();
  });
});
