import { match } from 'node:assert/strict';
import { useWorkbench } from './support/useWorkbench.js';

describe('the Dev Servers view', () => {
  const workbench = useWorkbench();

  it('lists the servers of the workspace by folder', async () => {
    await workbench().openDevServers();
    await workbench().row('apps/api', 'dev').waitFor();
    await workbench().row('apps/web', 'dev').waitFor();
    await workbench().screenshot('view');
  });

  it('shows how things stand in the status bar', async () => {
    await workbench().statusBarItem().waitFor();
    match(await workbench().statusBarText(), /\S/);
  });
});
