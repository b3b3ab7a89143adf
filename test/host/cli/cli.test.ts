import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { JsonObject } from '../../../src/core/agents/answer.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { AgentSocket } from '../../../src/mcp/bridge/agentSocket.js';
import { builtFile } from '../../support/builtFile.js';
import { answerOf, startCommand } from './support/commandLine.js';

const program = builtFile('cli.js');

describe('the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (path: string, content: unknown): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const run = (...args: string[]) => {
    const env = { ...process.env, HOME: join(folder, 'home'), XDG_CONFIG_HOME: undefined };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      env,
      cwd: folder,
    });
    return { status, stdout, stderr };
  };
  const list = (...args: string[]): { id: string; [key: string]: unknown }[] => {
    const { status, stdout, stderr } = run('list', '--json', ...args);
    assert.deepEqual([status, stderr], [0, '']);
    return JSON.parse(stdout) as { id: string }[];
  };

  it('prints no character that acts on the terminal, regardless of the names of folders and scripts', (context) => {
    if (process.platform === 'win32') context.skip('Windows allows no control characters in names of files.');
    write('a\u001b]52;c;aGk=\u0007/package.json', { scripts: { 'dev:\u202etxt': 'vite' } });
    const { stdout } = run('list');
    assert.match(stdout, /a\\u001b\]52;c;aGk=\\u0007:dev:\\u202etxt/u);
    const shown = [stdout, ...['list --json', 'doctor'].map((line) => run(...line.split(' ')).stdout)];
    for (const text of shown) assert.doesNotMatch(text, /[^\n\P{Cc}]|[\u202a-\u202e]/u);
    assert.ok(list()[0]?.id.endsWith('a\u001b]52;c;aGk=\u0007:dev:\u202etxt'));
  });

  it('prints one row for each server, and every line of a command for programs', () => {
    const command = 'set -e\n\tnode "my api.js" \\\r\n  --watch';
    write('.vscode/dev-servers.json', {
      servers: [
        { id: 'api', command },
        { id: 'web', command: 'vite' },
      ],
    });
    const name = basename(folder);
    assert.equal(
      run('list').stdout,
      `${name}:api  stopped  .  set -e ↵ node "my api.js" \\ ↵ --watch\n${name}:web  stopped  .  vite\n`,
    );
    assert.equal(list()[0]?.['command'], command);
  });

  it('lists the servers of a folder, with their command lines', () => {
    write('apps/web/package.json', { scripts: { dev: 'vite', build: 'vite build' } });
    write('apps/web/pnpm-lock.yaml', '');
    write('node_modules/other/package.json', { scripts: { dev: 'vite' } });
    assert.deepEqual(list(), [
      {
        id: `${basename(folder)}/apps/web:dev`,
        name: 'web: dev',
        command: 'pnpm run dev',
        cwd: 'apps/web',
        source: 'scripts',
        file: 'apps/web/package.json',
        isMain: true,
        state: 'stopped',
        url: null,
        urls: [],
        pid: null,
        startedBy: null,
      },
    ]);
  });

  it('lists configured servers, and says what is wrong with the others', () => {
    write('.vscode/dev-servers.json', {
      servers: [
        { id: 'api', command: 'node "my api.js"' },
        { id: 'bad', command: 7 },
      ],
    });
    const { status, stdout, stderr } = run('list', '--json');
    assert.deepEqual(
      (JSON.parse(stdout) as { id: string; command: string }[]).map(({ id, command }) => [id, command]),
      [[`${basename(folder)}:api`, 'node "my api.js"']],
    );
    assert.equal(status, 0);
    assert.match(stderr, /dev-servers\.json.*"command" must be a string\./);
  });

  it('lists a folder that git ignores, or that is a link to itself, once or not at all', () => {
    write('package.json', { scripts: { dev: 'vite' } });
    write('.gitignore', 'copy\n');
    write('copy/package.json', { scripts: { dev: 'vite' } });
    symlinkSync(folder, join(folder, 'loop'));
    assert.deepEqual(
      list().map(({ id }) => id),
      [`${basename(folder)}:dev`],
    );
  });

  const listInWindow = async (
    servers: readonly object[],
    total: number,
    ...args: string[]
  ): Promise<Record<string, unknown>[]> => {
    const records = join(folder, 'records');
    const socket = await AgentSocket.open(
      {
        folder: records,
        platform: currentPlatform(),
        log: console,
        call: () => Promise.resolve({ text: '', data: { servers, total } as JsonObject }),
      },
      { folders: [folder], focusedAt: 0 },
    );
    const env = { ...process.env, DEV_SERVERS_WINDOWS: records };
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'list', '--json', ...args], {
      cwd: folder,
      env,
    });
    await socket.close();
    return JSON.parse(stdout) as Record<string, unknown>[];
  };
  const inWindow = (id: string, more: object = {}) => ({
    id,
    name: id,
    folder,
    command: 'node server.mjs',
    state: 'ready',
    url: 'http://localhost:5173/',
    pid: 42,
    startedBy: 'the user',
    ...more,
  });

  it('lists the servers of the window that has the folder open, without a search', async () => {
    write('apps/web/package.json', { scripts: { dev: 'vite' } });
    const web = {
      source: 'scripts',
      file: 'apps/web/package.json',
      isMain: true,
      folder: join(folder, 'apps/web'),
    };
    const own = { source: 'settings', argv: ['node', 'my api.js'], state: 'stopped' };
    const servers = [inWindow('shop/apps/web:dev', web), inWindow('shop:api', own)];
    const listed = await listInWindow(servers, 2);
    assert.deepEqual(
      listed.map(({ id, command, cwd, source, file, isMain }) => [id, command, cwd, source, file, isMain]),
      [
        ['shop/apps/web:dev', 'node server.mjs', 'apps/web', 'scripts', 'apps/web/package.json', true],
        ['shop:api', "node 'my api.js'", '.', 'settings', undefined, false],
      ],
    );
    const [below] = await listInWindow(servers, 2, join(folder, 'apps'));
    assert.deepEqual([below?.['cwd'], below?.['file']], ['web', 'web/package.json']);
  });

  it('also searches the folder if the window does not list every server, or reports too little about them', async () => {
    write('package.json', { scripts: { dev: 'vite', preview: 'vite preview' } });
    const [dev, preview] = await listInWindow([inWindow(`${basename(folder)}:dev`)], 1);
    assert.deepEqual(
      [dev?.['state'], dev?.['pid'], dev?.['urls']],
      ['ready', 42, ['http://localhost:5173/']],
    );
    assert.equal(preview?.['state'], 'stopped');
    const ids = (await listInWindow([inWindow('other:dev', { source: 'scripts' })], 300)).map(({ id }) => id);
    assert.deepEqual(ids, [...['dev', 'preview'].map((name) => `${basename(folder)}:${name}`), 'other:dev']);
  });

  it('prints a table for people', () => {
    write('package.json', { scripts: { dev: 'vite' } });
    const { stdout } = run('list');
    assert.equal(stdout, `${basename(folder)}:dev  stopped  .  npm run dev\n`);
  });

  it('reports that the window was closed before it answered', async () => {
    const records = join(folder, 'records');
    const socket = await AgentSocket.open(
      {
        folder: records,
        platform: currentPlatform(),
        log: console,
        call: (tool) => {
          const servers = [inWindow('web')];
          if (tool === 'devservers_list_servers')
            return Promise.resolve({ text: '', data: { servers, total: 1 } });
          void socket.close();
          return new Promise(() => undefined);
        },
      },
      { folders: [folder], focusedAt: 0 },
    );
    const child = startCommand(['ensure', 'web', '--json'], folder, { DEV_SERVERS_WINDOWS: records });
    const { code, stdout } = await answerOf(child);
    assert.equal(code, 3);
    assert.deepEqual(JSON.parse(stdout), { error: 'noWindow', message: 'The VS Code window was closed.' });
  });

  it('ends a command without servers at the first signal, with the exit code of that signal', async () => {
    const records = join(folder, 'records');
    let asked: () => void = () => undefined;
    const socket = await AgentSocket.open(
      {
        folder: records,
        platform: currentPlatform(),
        log: console,
        call: (tool) => {
          asked();
          const data = { servers: [inWindow('web')], total: 1 };
          return tool === 'devservers_list_servers' && isListing
            ? Promise.resolve({ text: '', data })
            : new Promise(() => undefined);
        },
      },
      { folders: [folder], focusedAt: 0 },
    );
    let isListing = false;
    const endOf = async (args: readonly string[], signal: NodeJS.Signals): Promise<number | null> => {
      let calls = isListing ? 2 : 1;
      const whenAsked = new Promise<void>((resolve) => {
        asked = () => {
          calls -= 1;
          if (calls === 0) resolve();
        };
      });
      const child = startCommand(args, folder, { DEV_SERVERS_WINDOWS: records });
      const answer = answerOf(child);
      await whenAsked;
      child.kill(signal);
      return (await answer).code;
    };
    assert.equal(await endOf(['list'], 'SIGINT'), 130);
    assert.equal(await endOf(['open', 'web'], 'SIGTERM'), 143);
    assert.equal(await endOf(['doctor'], 'SIGTERM'), 143);
    isListing = true;
    assert.equal(await endOf(['wait', 'web'], 'SIGHUP'), 129);
    assert.equal(await endOf(['logs', 'web'], 'SIGTERM'), 143);
    await socket.close();
  });

  it('fails if its output is lost since the disk is full', (context) => {
    if (process.platform !== 'linux') context.skip('Only Linux has this device.');
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [program, '--help'], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    assert.deepEqual([status, stderr.startsWith('The output could not be written: ENOSPC')], [1, true]);
  });

  it('says that a folder does not exist, or is none, also to programs, and if it was removed meanwhile', (context) => {
    write('file', '');
    const [missing, file] = [join(folder, 'missing'), join(folder, 'file')];
    assert.deepEqual(
      ['list', 'ensure', 'up'].flatMap((command) =>
        [missing, file].map((path) => {
          const { status, stdout } = run(command, '--json', '-C', path);
          return [command, status, JSON.parse(stdout) as unknown];
        }),
      ),
      ['list', 'ensure', 'up'].flatMap((command) => [
        [command, 1, { error: 'noFolder', message: `${missing} does not exist.` }],
        [command, 1, { error: 'noFolder', message: `${file} is not a folder.` }],
      ]),
    );
    if (process.platform === 'win32') context.skip('A folder in use cannot be removed.');
    const script = 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$1" "$2" list';
    const removed = spawnSync('/bin/sh', ['-c', script, missing, process.execPath, program], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    });
    assert.deepEqual([removed.status, removed.stderr], [1, `${missing} does not exist.\n`]);
  });

  it('tells a wrong call from a failure by its exit code', () => {
    assert.deepEqual(
      [
        [],
        ['begin'],
        ['start', 'a', 'b'],
        ['list', '--jso'],
        ['list', 'a', 'b'],
        ['list', 'missing'],
        ['--help'],
        ['--version'],
      ].map((args) => run(...args).status),
      [2, 2, 2, 2, 2, 1, 0, 0],
    );
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.equal(run('--version').stdout, `${version}\n`);
  });
});
