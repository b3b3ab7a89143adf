import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { spawn as spawnPty } from 'node-pty';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { findInOtherWindow } from '../../../src/host/ledger/otherWindows.js';
import type { JsonObject } from '../../../src/core/agents/answer.js';
import { toolNames } from '../../../src/core/agents/names.js';
import { AgentSocket } from '../../../src/mcp/bridge/agentSocket.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { builtFile } from '../../support/builtFile.js';
import { isAlive, until } from '../../support/processes.js';
import { answerOf, RunningCommand, startCommand, type CommandAnswer } from './support/commandLine.js';

/** Answers requests, and takes a moment to exit. */
const server = `import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/print') console.log('printed');
  response.end(process.cwd());
});
server.listen(process.env.PORT ?? 0, '127.0.0.1', () => console.log('at http://127.0.0.1:' + server.address().port + '/'));
process.on('SIGTERM', () => setTimeout(() => { console.log('closed properly'); process.exit(0); }, 100));
`;

describe('the command line without a window', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'dev-servers-up-')));
    project(folder);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null) child.kill('SIGINT');
    }
    await until('no records', () => remaining('agents').length + remaining('ledger').length === 0);
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  const project = (path: string, port?: number): void => {
    mkdirSync(join(path, '.vscode'), { recursive: true });
    writeFileSync(join(path, 'server.mjs'), server);
    const web = { id: 'web', command: 'node server.mjs', autoStart: true, dependsOn: ['api'] };
    const api = { id: 'api', command: 'node server.mjs', ...(port !== undefined && { port }) };
    const broken = { id: 'broken', command: 'node missing.mjs' };
    const silent = { id: 'silent', command: 'node -e "setInterval(() => undefined, 1000)"' };
    const later = { id: 'later', command: 'node server.mjs', dependsOn: ['silent'] };
    const servers = [web, api, broken, silent, later];
    writeFileSync(join(path, '.vscode/dev-servers.json'), JSON.stringify({ servers }));
  };
  const storage = (): string => join(folder, 'storage');
  const remaining = (name: string): string[] => {
    try {
      return readdirSync(join(storage(), name)).filter((each) => each.endsWith('.json'));
    } catch {
      return [];
    }
  };
  const environment = (): Record<string, string> => ({
    HOME: join(folder, 'home'),
    DEV_SERVERS_WINDOWS: join(storage(), 'agents'),
  });
  const begin = (args: readonly string[], cwd = folder, more: NodeJS.ProcessEnv = {}): ChildProcess => {
    const child = startCommand(args, cwd, { ...environment(), ...more });
    children.push(child);
    return child;
  };
  const run = (...args: string[]): Promise<CommandAnswer> => answerOf(begin(args));
  const states = async (cwd = folder): Promise<Record<string, string>> => {
    const { stdout } = await answerOf(begin(['list', '--json'], cwd));
    const servers = JSON.parse(stdout) as { id: string; state: string }[];
    return Object.fromEntries(servers.map(({ id, state }) => [id.slice(id.indexOf(':') + 1), state]));
  };

  it('runs the servers of a folder, which other terminals reach, and ends them with Ctrl+C, verified', async () => {
    const command = new RunningCommand(begin(['up']));
    await until('both servers', () => /^web = ready at http/mu.test(command.output));
    assert.deepEqual(await states(), {
      web: 'ready',
      api: 'ready',
      broken: 'stopped',
      silent: 'stopped',
      later: 'stopped',
    });
    const { pid, url } = JSON.parse((await run('ensure', 'web', '--json')).stdout) as {
      pid: number;
      url: string;
    };
    assert.equal(await (await fetch(url)).text(), folder);
    assert.match((await run('logs', 'api')).stdout, /^at http/mu);
    const refused = await run('stop', 'web');
    assert.deepEqual([refused.code, isAlive(pid)], [5, true]);
    assert.match(refused.stderr, /^\S*web was not stopped: .*"devservers up".* has no terminal\..*--yes/u);
    assert.match(command.output, /stop web\?\n.*\n {2}Not asked, because this is not a terminal\..*--yes/u);
    const elsewhere = await findInOtherWindow(
      { id: `${basename(folder)}:web`, folder: basename(folder), cwd: folder },
      'another window',
      { folder: join(storage(), 'ledger'), platform: currentPlatform() },
    );
    assert.deepEqual(elsewhere, { pid, url });
    assert.equal(await command.interrupt(), 0);
    assert.equal(isAlive(pid), false);
    assert.deepEqual(command.output.match(/^(?:web|api) \| closed properly$/gmu)?.length, 2);
  });

  it('serves agents by MCP in its folder', async () => {
    const command = new RunningCommand(begin(['up', 'api']));
    await until('the server', () => /^api = ready at http/mu.test(command.output));
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [builtFile('cli.js'), 'mcp'],
      cwd: folder,
      env: { ...getDefaultEnvironment(), ...environment() },
    });
    const client = new Client({ name: 'tester', version: '1' });
    await client.connect(transport);
    const pid = transport.pid ?? 0;
    const { tools } = await client.listTools();
    assert.equal(tools.length, toolNames.length);
    const input = { name: 'devservers_start_server', arguments: { id: `${basename(folder)}:api` } };
    const { structuredContent } = await client.callTool(input);
    assert.equal((structuredContent as JsonObject)['outcome'], 'alreadyRunning');
    await client.close();
    assert.equal(isAlive(pid), false);
    assert.equal(await command.interrupt(), 0);
  });

  it('answers the questions of other terminals with yes if requested, and ends with its last server', async () => {
    const command = new RunningCommand(begin(['up', 'api', '--yes']));
    await until('the server', () => command.output.includes('api = ready'));
    assert.equal((await run('stop', 'api')).code, 0);
    assert.equal(await command.end(), 0);
    assert.match(command.output, /Let devservers \(command line, PID \d+\) stop api\?/u);
  });

  it('asks the user in its terminal, where Ctrl+C ends it during a question, too', async (context) => {
    if (process.platform === 'win32')
      context.skip('The processes of a Windows console are not those of a pty.');
    const terminal = spawnPty(process.execPath, [builtFile('cli.js'), 'up', 'api'], {
      cwd: folder,
      cols: 200,
      env: { ...process.env, ...environment() },
    });
    let output = '';
    terminal.onData((text) => (output += text));
    const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    const questions = (): number => output.match(/stop api\?[^?]*\[y\/N\]/gu)?.length ?? 0;
    await until('the server', () => output.includes('api = ready'));
    const refused = run('stop', 'api');
    await until('a question', () => questions() === 1);
    terminal.write('n\r');
    assert.match((await refused).stderr, /The user refused\./u);
    const stopped = run('stop', 'api');
    await until('the next question', () => questions() === 2);
    terminal.write('\u0003');
    assert.equal(await ended, 0);
    await stopped;
  });

  it('ends at Ctrl+C while servers wait for another one', async () => {
    const command = new RunningCommand(begin(['up', 'later']));
    await until('the wait', () => /^later += waiting/mu.test(command.output));
    assert.equal(await command.interrupt(), 0);
  });

  it('reports that the process of the servers does not respond, and ends it with them', async (context) => {
    if (process.platform === 'win32') context.skip('Windows cannot stop a process that goes on later.');
    const command = new RunningCommand(begin(['up', 'api']));
    await until('the server', () => command.output.includes('api = ready'));
    const { pid } = JSON.parse((await run('ensure', 'api', '--json')).stdout) as { pid: number };
    const [record = ''] = remaining('ledger');
    const { host } = JSON.parse(readFileSync(join(storage(), 'ledger', record), 'utf8')) as {
      host: { pid: number };
    };
    process.kill(host.pid, 'SIGSTOP');
    await until('the report', () =>
      command.output.includes('The process that runs the servers does not respond.'),
    );
    assert.equal(await command.interrupt(), 0);
    assert.deepEqual([isAlive(host.pid), isAlive(pid)], [false, false]);
  });

  it('reports its end to callers that wait for a server', async () => {
    const command = new RunningCommand(begin(['up', 'api', '--yes']));
    await until('the server', () => command.output.includes('api = ready'));
    const follower = new RunningCommand(begin(['logs', 'api', '--follow']));
    await until('the log', () => follower.output.includes('at http'));
    const waiting = answerOf(begin(['ensure', 'silent', '--json']));
    await until('the wait', () => /^silent +=/mu.test(command.output));
    assert.equal(await command.interrupt(), 0);
    const message = `"devservers up" in ${folder} has ended.`;
    const { code, stdout } = await waiting;
    assert.deepEqual([code, JSON.parse(stdout)], [3, { error: 'noWindow', message }]);
    assert.deepEqual([await follower.end(), follower.output.endsWith(`\n${message}\n`)], [3, true]);
  });

  it('is waited for by callers that were there first, and so is a server that is started later', async () => {
    const early = new RunningCommand(begin(['wait', 'web']));
    await until('the report', () => early.output.includes('Waiting for one'));
    const command = new RunningCommand(begin(['up', 'api', '--yes']));
    await until('the next report', () => /web is stopped\. Waiting/u.test(early.output));
    assert.equal((await run('start', 'web')).code, 0);
    assert.deepEqual([await early.end(), /^http:\/\/\S+\/$/mu.test(early.output)], [0, true]);
    const brief = await run('wait', 'silent', '--timeout', '0.1');
    assert.deepEqual([brief.code, await command.interrupt()], [6, 0]);
    assert.equal((await run('wait', 'web', '--timeout', '0.1')).code, 3);
  });

  it('ends its servers when the reader of its output is gone', async () => {
    const child = begin(['up', 'api']);
    const command = new RunningCommand(child);
    await until('the server', () => command.output.includes('api = ready'));
    const [, url = ''] = /ready at (\S+)/u.exec(command.output) ?? [];
    child.stdout?.destroy();
    await fetch(`${url}print`);
    assert.deepEqual([await command.end(), remaining('agents')], [0, []]);
  });

  it('runs on when the reader of its problems is gone, and ends its servers properly', async () => {
    const child = begin(['up', 'api']);
    const command = new RunningCommand(child);
    await until('the server', () => command.output.includes('api = ready'));
    child.stderr?.destroy();
    // `up` reports the refused question.
    assert.equal((await run('stop', 'api')).code, 5);
    assert.equal((await states())['api'], 'ready');
    assert.equal(await command.interrupt(), 0);
    assert.match(command.output, /closed properly/u);
  });

  it('calls the server of a command by any name that is given, and refuses an empty command', async () => {
    const named = await run('run', '--name', '店/店', '--', process.execPath, '-e', '0');
    assert.match(named.stdout, /^店 店 = ended/mu);
    const unnamed = await run('run', '--name', '☃', '--', process.execPath, '-e', '0');
    assert.match(unnamed.stdout, /-e 0 = ended/u);
    const empty = await run('run', '--', '');
    assert.deepEqual([empty.code, empty.stderr], [2, 'run: The command is empty.\n']);
  });

  it('gives its servers the environment of the terminal, even if the startup files set another one', async (context) => {
    if (process.platform === 'win32') context.skip('No startup files apply to all programs of Windows.');
    mkdirSync(join(folder, 'home'));
    writeFileSync(join(folder, 'home/.bash_profile'), 'export MARK=shell PATH=/usr/bin:/bin\n');
    writeFileSync(join(folder, '.tool-versions'), 'nodejs 20\n');
    writeFileSync(join(folder, 'tool'), '#!/bin/sh\necho "tool of the $MARK"\n', { mode: 0o755 });
    const path = `${folder}:${process.env['PATH']}`;
    const more = { SHELL: '/bin/bash', SHLVL: '1', MARK: 'terminal', PATH: path };
    const { code, stdout } = await answerOf(begin(['run', '--', 'tool'], folder, more));
    assert.deepEqual([code, stdout.match(/tool of the .*/)?.[0]], [0, 'tool of the terminal']);
  });

  it('runs a server of another folder after its own folder was removed', (context) => {
    if (process.platform === 'win32') context.skip('A folder in use cannot be removed.');
    const script = 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"';
    const command = [process.execPath, builtFile('cli.js'), 'run', '-C', folder, '--', 'node', '-v'];
    const { status, stdout } = spawnSync('/bin/sh', ['-c', script, join(folder, 'removed'), ...command], {
      encoding: 'utf8',
      env: { ...process.env, ...environment() },
    });
    assert.deepEqual([status, stdout.includes(process.version)], [0, true]);
  });

  it('says once why records of its servers cannot be written', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no such folder.');
    mkdirSync(storage());
    writeFileSync(join(storage(), 'agents'), '');
    const { code, stderr } = await run('up', 'api');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^The folder for records and logs of servers, \S+storage, cannot be used: .* devservers doctor\n$/u,
    );
    rmSync(join(storage(), 'agents'));
  });

  it('reaches each server where it runs, even if a window has the folder open, too', async () => {
    const name = basename(folder);
    const idle = (id: string) => ({
      id: `${name}:${id}`,
      name: id,
      folder,
      source: 'configuration',
      state: 'stopped',
    });
    const asked: string[] = [];
    const window = await AgentSocket.open(
      {
        folder: join(storage(), 'agents'),
        platform: currentPlatform(),
        log: console,
        call: (tool, input) => {
          asked.push(`${tool} ${JSON.stringify(input)}`);
          const data = { total: 2, servers: [idle('api'), idle('other')] } satisfies JsonObject;
          return Promise.resolve({ text: '', data });
        },
      },
      { folders: [folder], focusedAt: Date.now() },
    );
    const command = new RunningCommand(begin(['up', 'api', '--yes']));
    await until('the server', () => command.output.includes('api = ready'));
    const { api, web, other } = await states();
    assert.deepEqual([api, web, other], ['ready', 'stopped', 'stopped']);
    assert.match((await run('ensure', 'api')).stdout, /^http/u);
    assert.match((await run('logs', 'api')).stdout, /^at http/mu);
    assert.equal((await run('stop', 'api')).code, 0);
    assert.equal(await command.end(), 0);
    assert.match(command.output, /^api = stopped$/mu);
    await window.close();
    assert.deepEqual([...new Set(asked)], ['devservers_list_servers {}']);
  });

  it('fails when a server fails, with its exit code', async () => {
    const { code, stdout } = await run('up', 'broken');
    assert.deepEqual([code, stdout.includes('broken = crashed (exit 1)')], [1, true]);
    const own = await run('run', '--name', 'own', '--', process.execPath, '-e', 'process.exit(7)');
    assert.deepEqual([own.code, own.stdout.includes('own = crashed (exit 7)')], [7, true]);
    const taken = 'console.error("FATAL Port 4001 is already in use"); process.exit(2)';
    const { stdout: crash } = await run('run', '--name', 'taken', '--', process.execPath, '-e', taken);
    assert.match(
      crash,
      /taken \| FATAL .*\ntaken = crashed \(exit 2\): port 4001 is in use by another program/,
    );
    assert.deepEqual((await run('up', 'wbe')).code, 4);
  });

  it('says after a crash that packages are not installed, and to those who start a server from elsewhere', async () => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { vite: '*' } }));
    const missing = `The packages of ${folder} are not installed. Install them there, for example with: npm install.`;
    const text = await run('up', 'broken');
    assert.ok(text.stdout.includes(`\nbroken = ${missing}\n`), text.stdout);
    const json = (await run('up', 'broken', '--json')).stdout.trim().split('\n');
    const last = JSON.parse(json.at(-1) ?? '') as JsonObject;
    assert.deepEqual([last['state'], last['missing']], ['crashed', [missing]]);
    const command = new RunningCommand(begin(['up', 'silent', '--yes']));
    await until('the server', () => command.output.includes('silent = '));
    const { code, stderr } = await run('ensure', 'broken');
    assert.equal(code, 1);
    assert.ok(stderr.includes(missing), stderr);
    const doctor = await run('doctor');
    assert.match(doctor.stdout, /broken has crashed\./u);
    assert.ok(doctor.stdout.includes(`The packages of ${folder} are not installed.`), doctor.stdout);
    assert.equal(await command.interrupt(), 0);
  });

  it('does not start a second copy of a server in another terminal', async () => {
    const child = begin(['up', 'api']);
    const first = new RunningCommand(child);
    await until('the server', () => first.output.includes('api = ready'));
    const second = await run('up', 'api');
    assert.equal(second.code, 0);
    assert.match(second.stderr, /in another "devservers up" \(PID \d+\) at http.*It was not started\./u);
    if (process.platform !== 'win32') {
      child.kill('SIGSTOP');
      const startedAt = performance.now();
      const third = await run('up', 'api');
      assert.match(third.stderr, /already running in another window at http/u);
      // Shorter than the time that a command waits for a window.
      assert.ok(performance.now() - startedAt < 15_000);
      child.kill('SIGCONT');
    }
    assert.equal(await first.interrupt(), 0);
  });

  it('gives each git worktree its own servers, on ports of their own that stay the same', async () => {
    await git('init', '-q', '.');
    project(folder, 21_000);
    await git('add', 'server.mjs', '.vscode');
    await git('-c', 'user.name=t', '-c', 'user.email=t', 'commit', '-q', '-m', 'x');
    const worktrees = ['one', 'two'].map((name) => join(folder, 'trees', name));
    for (const path of worktrees) await git('worktree', 'add', '-q', '--detach', path);
    const portsOf = async (): Promise<string[]> => {
      const commands = worktrees.map((path) => new RunningCommand(begin(['up', 'api'], path)));
      await until('all servers', () => commands.every(({ output }) => output.includes('api = ready')));
      const urls = await Promise.all(
        worktrees.map(async (path) => (await answerOf(begin(['ensure', 'api'], path))).stdout.trim()),
      );
      assert.deepEqual(await Promise.all(urls.map(async (url) => (await fetch(url)).text())), worktrees);
      assert.deepEqual((await answerOf(begin(['ensure', 'api']))).code, 3);
      for (const command of commands) assert.equal(await command.interrupt(), 0);
      return urls.map((url) => new URL(url).port);
    };
    const ports = await portsOf();
    assert.equal(new Set([...ports, '21000']).size, 3);
    assert.deepEqual(await portsOf(), ports);
  });

  async function git(...args: string[]): Promise<void> {
    const child = spawn('git', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const { code, stderr } = await answerOf(child);
    assert.equal(code, 0, stderr);
  }
});
