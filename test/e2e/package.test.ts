import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repoRoot } from '../../scripts/lib/paths.mjs';
import { bind } from '../support/processes.js';
import { openWorkbench } from './support/workbench.js';

describe('the package', () => {
  let folder: string;
  let vsix: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-package-'));
    vsix = join(folder, 'extension.vsix');
    execFileSync(process.execPath, [join(repoRoot, 'scripts/package.mjs'), '--out', vsix], { cwd: repoRoot });
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is installed into VS Code and starts and stops a server there', async () => {
    const workbench = await openWorkbench({ vsix });
    const api = ['apps/api', 'dev'];
    await workbench.openDevServers();
    await workbench.clickRowAction(api, 'Start Server');
    await workbench.waitForRow(api, 'http://localhost:4100');
    assert.equal((await fetch('http://localhost:4100')).status, 200);
    await workbench.clickRowAction(api, 'Stop Server');
    await workbench.waitForStopped(api);
    await bind(4100);
    assert.deepEqual(await workbench.close(), []);
  });
});
