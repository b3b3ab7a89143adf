import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reservePorts } from '../../scripts/lib/ports.mjs';
import { isFree, until } from '../support/processes.js';
import { test } from './support/test.js';

const api = ['apps/api', 'dev'];
const other = ['other', 'dev'];

test.describe('a workspace of several folders', () => {
  for (const removedFolders of ['keep', 'stop']) {
    test(`${removedFolders}s the server of a folder that is removed, as the setting says`, async ({
      open,
    }) => {
      let file = '';
      const write = (folders: readonly string[]): void =>
        writeFileSync(file, JSON.stringify({ folders: folders.map((path) => ({ path })) }));
      const workbench = await open({
        settings: { 'devServers.removedFolders': removedFolders },
        open: 'all.code-workspace',
        prepare: (workspace) => {
          file = join(workspace, 'all.code-workspace');
          cpSync(join(workspace, 'apps/api'), join(workspace, '..', 'other'), { recursive: true });
          cpSync(join(workspace, 'apps/docs'), join(workspace, '..', 'added'), { recursive: true });
          write(['.', '../other']);
        },
      });
      await workbench.openDevServers();
      await workbench.row(...api).waitFor();
      await workbench.clickRowAction(other, 'Start Server');
      await workbench.waitForRow(other, workbench.addressOf('api'));
      await workbench.screenshot('10-folders');

      write(['.', '../added']);
      // The new row shows that the window has noticed the change and redrawn the tree.
      await workbench.row('added').waitFor();
      if (removedFolders === 'stop') {
        await until('the end of the server', () => isFree(workbench.portOf('api')));
        await workbench.row('other').waitFor({ state: 'detached' });
      } else {
        assert.equal((await fetch(workbench.urlOf('api'))).status, 200);
        await workbench.clickRowAction(other, 'Stop Server');
        await workbench.row('other').waitFor({ state: 'detached' });
      }
    });
  }

  test('runs the same server of two git worktrees at once, each with its own port and log', async ({
    open,
  }) => {
    const { ports, release } = await reservePorts(['shop']);
    let file = '';
    const trees = ['first/shop', 'second/shop'];
    // A change of the first folder would restart the extension host.
    const write = (folders: readonly string[]): void =>
      writeFileSync(
        file,
        JSON.stringify({ folders: ['.', ...folders.map((path) => `../${path}`)].map((path) => ({ path })) }),
      );
    const workbench = await open({
      settings: { 'devServers.portConflict': 'useFreePort' },
      open: 'trees.code-workspace',
      prepare: (workspace) => {
        file = join(workspace, 'trees.code-workspace');
        makeWorktrees(join(workspace, '..'), trees, ports.shop);
        write(['first/shop']);
      },
    });
    await workbench.openDevServers();
    await workbench.clickRowAction(['shop', 'shop'], 'Start Server');
    await workbench.waitForRow(['shop', 'shop'], `:${ports.shop}`);

    // The other folder comes first now; the running server keeps its name and port.
    write(['second/shop', 'first/shop']);
    await workbench.row('shop (2)', 'shop').waitFor();
    await workbench.clickRowAction(['shop (2)', 'shop'], 'Start Server');
    await workbench.waitForRow(['shop (2)', 'shop'], `:${ports.shop + 1}`);
    await workbench.waitForRow(['shop', 'shop'], `:${ports.shop}`);
    const bodies = await Promise.all(
      [ports.shop, ports.shop + 1].map(async (port) => (await fetch(`http://localhost:${port}`)).text()),
    );
    assert.deepEqual(
      bodies.map((folder) => folder.split('/').slice(-2).join('/')),
      trees,
    );
    await release();
  });
});

/** Creates a repository with a server and its settings, and a second worktree whose folder has the same name. */
function makeWorktrees(parent: string, [first = '', second = '']: readonly string[], port: number): void {
  const repository = join(parent, first);
  mkdirSync(join(repository, '.vscode'), { recursive: true });
  writeFileSync(
    join(repository, 'server.mjs'),
    `import { createServer } from 'node:http';
const server = createServer((request, response) => response.end(process.cwd()));
server.listen(Number(process.env.PORT ?? ${port}), () => {
  console.log('http://localhost:' + server.address().port);
});
`,
  );
  const servers = [{ id: 'shop', command: 'node server.mjs', port }];
  writeFileSync(join(repository, '.vscode/settings.json'), JSON.stringify({ 'devServers.servers': servers }));
  const git = (...args: string[]): void => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    execFileSync('git', [...identity, ...args], { cwd: repository, stdio: 'pipe' });
  };
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Serve');
  git('worktree', 'add', '--quiet', join(parent, second));
}
