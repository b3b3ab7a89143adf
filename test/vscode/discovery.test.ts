import assert from 'node:assert/strict';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, workspace } from 'vscode';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import { until } from '../support/processes.js';
import { activeApi, recordOf, stopAll } from './support/servers.js';
import { isIdle } from '../../src/core/server/stateQueries.js';

describe('the discovery of a workspace', () => {
  const root = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const folder = join(root, 'found');
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
  });
  beforeEach(() => mkdir(folder, { recursive: true }));
  afterEach(async () => {
    await rm(folder, { recursive: true });
    await until('what was found is gone', () => found().length === 0);
  });

  function found(): string[] {
    return api.registry.current.servers
      .map(({ definition }) => definition.id)
      .filter((id) => id.startsWith('workspace/found'));
  }

  it('follows files that are written, changed and removed, and keeps all other records', async () => {
    const others = [...api.registry.current.servers];
    await writeFile(join(folder, 'Procfile.dev'), 'web: serve\nrelease: true\n');
    await until('the Procfile', () => found().length === 1);
    await writeFile(join(folder, 'Procfile.dev'), 'web: serve\napi: serve\n');
    await until('the change', () => found().length === 2);
    await writeFile(join(folder, 'compose.yaml'), 'services: { db: { build: ./db, ports: ["5432:5432"] } }');
    await until('the Compose file', () => found().length === 3);
    assert.deepEqual(
      { found: found(), same: others.every((record) => api.registry.current.servers.includes(record)) },
      {
        found: [
          'workspace/found/Procfile.dev:web',
          'workspace/found/Procfile.dev:api',
          'workspace/found/compose.yaml:db',
        ],
        same: true,
      },
    );
  });

  it('finds a folder that is moved there with its files', async () => {
    const elsewhere = `${root}-elsewhere`;
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'Procfile.dev'), 'web: serve\n');
    await rename(elsewhere, join(folder, 'moved'));
    await until('the Procfile', () => found().length > 0);
    assert.deepEqual(found(), ['workspace/found/moved/Procfile.dev:web']);
  });

  it('follows no cycle of links, and ignores dependencies', async () => {
    await mkdir(join(folder, 'node_modules', 'a'), { recursive: true });
    await symlink(folder, join(folder, 'circle'));
    const file = JSON.stringify({ scripts: { website: 'vite', build: 'vite build' } });
    await writeFile(join(folder, 'node_modules', 'a', 'package.json'), file);
    await writeFile(join(folder, 'package.json'), file);
    await until('the package', () => found().length > 0);
    await commands.executeCommand('devServers.refresh');
    assert.deepEqual(found(), ['workspace/found:website']);
  });

  it('finds no kind that is switched off', async () => {
    await writeFile(join(folder, 'Procfile'), 'web: serve\n');
    await until('the Procfile', () => found().length === 1);
    const settings = workspace.getConfiguration('devServers');
    try {
      await settings.update('discovery.procfile', false, false);
      await until('the setting is taken in', () => found().length === 0);
    } finally {
      await settings.update('discovery.procfile', undefined, false);
    }
    await until('the Procfile is listed again', () => found().length === 1);
  });

  it('starts no hidden server with its group, but starts it once it is no longer hidden', async () => {
    const serve = `"${process.execPath}" -e "setInterval(() => 0, 1000)"`;
    await writeFile(join(folder, 'Procfile.dev'), `web: ${serve}\napi: ${serve}\n`);
    await until('the Procfile', () => found().length === 2);
    const [web = '', other = ''] = found();
    const running = (): string[] => found().filter((id) => !isIdle(recordOf(api, id).state));
    try {
      await commands.executeCommand('devServers.hide', web);
      await commands.executeCommand('devServers.startGroup', 'workspace/found');
      const withoutHidden = running();
      await commands.executeCommand('devServers.unhide', web);
      await commands.executeCommand('devServers.startGroup', 'workspace/found');
      assert.deepEqual([withoutHidden, running()], [[other], [web, other]]);
    } finally {
      await commands.executeCommand('devServers.unhide', web);
      await stopAll(api);
    }
  });
});
