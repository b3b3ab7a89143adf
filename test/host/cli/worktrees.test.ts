import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { consentText, originalConsentText } from '../../../src/core/consent/startConsent.js';
import { serverTitle } from '../../../src/core/server/definition.js';
import { WorktreeNames } from '../../../src/folderSearch/worktreeNames.js';
import { serversOfWorktree } from '../../../src/folderSearch/worktrees.js';
import { findListedServers } from '../../../src/folderSearch/findServers.js';
import { freePort } from '../../../src/host/sockets/tcpPorts.js';
import { checkoutOf, mainRootsAmong } from '../../../src/mcp/bridge/checkout.js';
import { AgentHost } from '../support/agentHost.js';
import { answerOf, startCommand, type CommandAnswer } from './support/commandLine.js';

/** Answers with the folder that it runs in. */
const server = `import { createServer } from 'node:http';
const server = createServer((request, response) => response.end(process.cwd()));
server.listen(process.env.PORT, '127.0.0.1', () => console.log('at http://127.0.0.1:' + server.address().port + '/'));
`;

describe('a window and git worktrees of its folder', () => {
  let host: AgentHost;
  let port: number;
  beforeEach(async () => {
    host = new AgentHost();
    host.servesWorktrees = true;
    port = await freePort(undefined, new Set());
    mkdirSync(join(host.folder, '.vscode'));
    writeFileSync(join(host.folder, 'server.mjs'), server);
    writeConfiguration(host.folder, 'node server.mjs');
    await git('init', '-q', '.');
    await git('add', 'server.mjs', '.vscode');
    await git('-c', 'user.name=t', '-c', 'user.email=t', 'commit', '-q', '-m', 'x');
    await host.defineServers((await findListedServers(host.folder)).definitions);
    await host.open();
  });
  afterEach(() => host.end());

  const writeConfiguration = (folder: string, command: string): void => {
    const api = { id: 'api', command, env: { PORT: String(port) } };
    writeFileSync(join(folder, '.vscode/dev-servers.json'), JSON.stringify({ servers: [api] }));
  };
  const worktree = async (name: string): Promise<string> => {
    const path = join(host.folder, 'trees', name);
    await git('worktree', 'add', '-q', '--detach', path);
    return path;
  };
  const run = (folder: string, ...args: string[]): Promise<CommandAnswer> =>
    answerOf(startCommand(args, folder, { DEV_SERVERS_WINDOWS: host.records }));
  const giveConsent = (): void => {
    for (const { definition } of host.registry.current.servers) host.consent.give(definition);
  };
  async function git(...args: string[]): Promise<void> {
    const child = spawn('git', args, { cwd: host.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const { code, stderr } = await answerOf(child);
    assert.equal(code, 0, stderr);
  }

  it('names the worktree once in the title of each server', async () => {
    const scripts = { dev: 'vite' };
    writeFileSync(join(host.folder, 'package.json'), JSON.stringify({ name: 'shop', scripts }));
    await git('add', 'package.json');
    await git('-c', 'user.name=t', '-c', 'user.email=t', 'commit', '-q', '-m', 'x');
    const folders = [{ name: 'shop', path: host.folder }];
    const found = await serversOfWorktree(await worktree('fix'), folders, new WorktreeNames());
    assert.deepEqual(found?.map(serverTitle).toSorted(), ['api (fix)', 'fix: dev']);
  });

  it('gives each of five worktrees its own server and port, with the consent to the main checkout', async () => {
    giveConsent();
    const folders = [];
    for (const name of ['one', 'two', 'three', 'four', 'five']) folders.push(await worktree(name));
    const answers = await Promise.all(folders.map((folder) => run(folder, 'ensure', 'api')));
    assert.deepEqual(
      answers.map(({ code, stderr }) => [code, stderr]),
      folders.map(() => [0, '']),
    );
    const urls = answers.map(({ stdout }) => stdout.trim());
    assert.deepEqual(await Promise.all(urls.map(async (url) => (await fetch(url)).text())), folders);
    const main = (await run(host.folder, 'ensure', 'api')).stdout.trim();
    assert.equal(await (await fetch(main)).text(), host.folder);
    assert.equal(new URL(main).port, String(port));
    assert.equal(new Set([main, ...urls]).size, 6);
    assert.deepEqual(host.questions, []);
    const { stdout } = await run(folders[0] ?? '', 'list', '--json');
    const listed = JSON.parse(stdout) as { id: string; url: string; cwd: string }[];
    assert.deepEqual(
      listed.map(({ id, url, cwd }) => [id, url, cwd]),
      [['one:api', urls[0], '.']],
    );
    await run(folders[0] ?? '', 'stop', 'api');
    host.answer = 'accepted';
    await run(folders[0] ?? '', 'stop', 'api');
    assert.equal((await run(folders[0] ?? '', 'ensure', 'api')).stdout.trim(), urls[0]);
  });

  it('tells worktrees apart that have the same folder name, even if that is the name of the main checkout', async () => {
    giveConsent();
    const same = basename(host.folder);
    const folders = [
      await worktree(`a1/${same}`),
      await worktree(`b2/${same}`),
      await worktree(`b2/c3/${same}`),
    ];
    const urls = [];
    for (const folder of folders) urls.push((await run(folder, 'ensure', 'api')).stdout.trim());
    assert.deepEqual(await Promise.all(urls.map(async (url) => (await fetch(url)).text())), folders);
    const again = await Promise.all(folders.map((folder) => run(folder, 'ensure', 'api')));
    assert.deepEqual(
      again.map(({ stdout }) => stdout.trim()),
      urls,
    );
    const listed = await Promise.all(folders.map((folder) => run(folder, 'list', '--json')));
    assert.deepEqual(
      listed.map(({ stdout }) =>
        (JSON.parse(stdout) as { id: string; name: string }[]).map(({ id, name }) => [id, name]),
      ),
      [
        [[`a1-${same}:api`, `api (a1/${same})`]],
        [[`b2-${same}:api`, `api (b2/${same})`]],
        [[`c3-${same}:api`, `api (c3/${same})`]],
      ],
    );
  });

  it('keeps the id of a running server when another worktree with the same folder name appears', async () => {
    giveConsent();
    const first = await worktree('a1/fix');
    const url = (await run(first, 'ensure', 'api')).stdout.trim();
    const second = await worktree('b2/fix');
    const other = (await run(second, 'ensure', 'api')).stdout.trim();
    assert.notEqual(other, url);
    assert.equal((await run(first, 'ensure', 'api')).stdout.trim(), url);
    const { stdout } = await run(first, 'list', '--json');
    const listed = JSON.parse(stdout) as { id: string; url: string }[];
    assert.deepEqual(
      listed.map(({ id, ...row }) => [id, row.url]),
      [['fix:api', url]],
    );
  });

  it('serves a worktree of a bare repository, which has no main checkout', async () => {
    giveConsent();
    const bare = join(host.folder, 'bare/.bare');
    await git('clone', '-q', '--bare', host.folder, bare);
    const [main, fix] = [join(host.folder, 'bare/main'), join(host.folder, 'bare/fix')];
    for (const path of [main, fix]) await git('-C', bare, 'worktree', 'add', '-q', '--detach', path);
    const window = new AgentHost(main);
    try {
      window.servesWorktrees = true;
      const { definitions } = await findListedServers(main);
      await window.defineServers(definitions);
      for (const each of definitions) window.consent.give(each);
      await window.open([main], host.records);
      const { code, stdout, stderr } = await run(fix, 'ensure', 'api');
      assert.deepEqual([code, stderr], [0, '']);
      assert.equal(await (await fetch(stdout.trim())).text(), fix);
    } finally {
      await window.end();
    }
  });

  it('asks about a command that differs from the main checkout', async () => {
    giveConsent();
    const folder = await worktree('fix');
    writeConfiguration(folder, 'node server.mjs --other');
    const { code } = await run(folder, 'ensure', 'api');
    assert.equal(code, 5);
    assert.deepEqual(
      host.questions.map(({ kind }) => kind),
      ['start'],
    );
  });

  it('applies the consent of a workspace folder that was opened through a link to a worktree, too', async () => {
    mkdirSync(join(host.folder, 'apps/web/.vscode'), { recursive: true });
    writeConfiguration(join(host.folder, 'apps/web'), 'node server.mjs');
    await git('add', 'apps');
    await git('-c', 'user.name=t', '-c', 'user.email=t', 'commit', '-q', '-m', 'x');
    const link = join(host.folder, 'link');
    symlinkSync('apps/web', link);
    const opened = (await findListedServers(link)).definitions;
    const found = await serversOfWorktree(
      await worktree('fix'),
      [{ name: 'link', path: link }],
      new WorktreeNames(),
    );
    assert.deepEqual(found?.map(originalConsentText), opened.map(consentText));
    assert.deepEqual(
      opened.map(({ cwd }) => cwd),
      [link],
    );
  });

  it('reports missing files of a worktree when its server fails', async () => {
    writeFileSync(join(host.folder, '.vscode/package.json'), '{}');
    const folder = await worktree('bare');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { vite: '*' } }));
    writeFileSync(join(folder, '.env.example'), 'KEY=');
    writeConfiguration(folder, 'node missing.mjs');
    host.consent.give(
      (await findListedServers(folder)).definitions[0] ?? assert.fail('The worktree has no server.'),
    );
    const { code, stderr } = await run(folder, 'ensure', 'api');
    assert.equal(code, 1);
    assert.match(stderr, /The packages of \S+bare are not installed.*npm install/u);
    assert.match(stderr, /has \.env\.example, but no \.env\./u);
  });

  it('takes a submodule in a folder of the name worktrees for a part of the outer checkout', async () => {
    const path = join(host.folder, 'worktrees/part');
    mkdirSync(join(host.folder, '.git/modules/worktrees'), { recursive: true });
    await git(
      'clone',
      '-q',
      host.folder,
      path,
      '--separate-git-dir',
      join(host.folder, '.git/modules/worktrees/part'),
    );
    assert.equal((await checkoutOf(path))?.root, host.folder);
    const { code, stdout } = await run(path, 'list', '--json');
    assert.deepEqual([code, JSON.parse(stdout) as unknown], [0, []]);
  });

  it('serves a worktree of a repository that is not in the folder of its main checkout', async () => {
    giveConsent();
    const repository = join(host.folder, 'elsewhere');
    await git('init', '-q', '--separate-git-dir', repository);
    const checkout = { root: host.folder, isLinked: false, repository };
    assert.deepEqual(await checkoutOf(join(host.folder, '.vscode')), checkout);
    const fix = await worktree('fix');
    const { code, stdout, stderr } = await run(fix, 'ensure', 'api');
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(await (await fetch(stdout.trim())).text(), fix);
  });

  it('serves a worktree of a submodule for a window on the submodule', async () => {
    const part = join(host.folder, 'part');
    const repository = join(host.folder, '.git/modules/part');
    mkdirSync(join(host.folder, '.git/modules'), { recursive: true });
    await git('clone', '-q', host.folder, part, '--separate-git-dir', repository);
    const fix = join(host.folder, 'trees', 'fix');
    await git('-C', part, 'worktree', 'add', '-q', '--detach', fix);
    assert.equal((await checkoutOf(join(part, '.vscode')))?.root, host.folder);
    assert.deepEqual(await mainRootsAmong([host.folder, part, fix], repository), [part]);
    const found = await serversOfWorktree(fix, [{ name: 'part', path: part }], new WorktreeNames());
    assert.deepEqual(
      found?.map(({ id, cwd }) => [id, cwd]),
      [['fix:api', fix]],
    );
  });

  it('serves no folder that only claims to be a worktree', async () => {
    const folder = join(host.folder, 'claims');
    mkdirSync(join(folder, '.vscode'), { recursive: true });
    writeFileSync(join(folder, '.git'), `gitdir: ${join(host.folder, '.git/worktrees/claims')}\n`);
    writeConfiguration(folder, 'node server.mjs');
    const { code, stderr } = await run(folder, 'ensure', 'api');
    assert.deepEqual([code, /is not a git worktree of any folder in this window/u.test(stderr)], [1, true]);
  });
});
