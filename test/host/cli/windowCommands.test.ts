import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { pageErrorsOf } from '../../../src/core/server/stateQueries.js';
import { isAlive, until } from '../../support/processes.js';
import { nodeProgram } from '../../support/serverProgram.js';
import { AgentHost } from '../support/agentHost.js';
import {
  answerOf,
  answersOf,
  RunningCommand,
  startCommand,
  type CommandAnswer,
} from './support/commandLine.js';

/** A server that prints its URL, and a line for each request except those that check whether it is ready. */
const server = `require('node:http').createServer((request, response) => {
  if (request.url !== '/') console.log('got ' + request.url);
  response.end('hi');
}).listen(0, '127.0.0.1', function () { console.log('at http://127.0.0.1:' + this.address().port + '/'); })`;

describe('the command line and a window', () => {
  let host: AgentHost;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    host = new AgentHost();
    await host.define({ web: server, api: server, broken: 'console.log("no luck"); process.exit(3)' });
    await host.open();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
    await host.end();
  });

  const begin = (args: readonly string[], cwd = host.folder, env: NodeJS.ProcessEnv = {}): ChildProcess => {
    const child = startCommand(args, cwd, { DEV_SERVERS_WINDOWS: host.records, ...env });
    children.push(child);
    return child;
  };
  const run = async (...args: string[]): Promise<CommandAnswer> => answerOf(begin(args));
  const json = async (...args: string[]): Promise<Record<string, unknown>> =>
    JSON.parse((await run(...args, '--json')).stdout) as Record<string, unknown>;

  it('starts a server, waits until it is ready, and prints its URL, also if it is already running', async () => {
    const ensured = await run('ensure', 'web');
    assert.deepEqual([ensured.code, ensured.stderr], [0, '']);
    assert.equal(await (await fetch(ensured.stdout.trim())).text(), 'hi');
    assert.deepEqual(await run('ensure', 'web'), ensured);
    assert.deepEqual(await run('wait', 'web'), ensured);
    const { id, state, url, urls, startedBy, outcome } = await json('start', 'web');
    assert.deepEqual(
      [id, state, url, urls, startedBy, outcome],
      [
        'web',
        'ready',
        ensured.stdout.trim(),
        [ensured.stdout.trim()],
        'devservers (command line)',
        'alreadyRunning',
      ],
    );
  });

  it('gives 20 simultaneous callers the same server', async () => {
    const env = { DEV_SERVERS_WINDOWS: host.records };
    const answers = await answersOf(20, ['ensure', 'web', '--json'], host.folder, env);
    const servers = answers.map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    const failures = answers.filter(({ code }) => code !== 0);
    assert.deepEqual([failures, answers.length], [[], 20]);
    assert.equal(new Set(servers.map(({ pid, url }) => `${String(pid)} ${String(url)}`)).size, 1);
  });

  it('says by its exit code what went wrong', async () => {
    const crashed = await run('ensure', 'broken');
    assert.match(crashed.stderr, /no luck/u);
    const late = await run('wait', 'web', '--timeout', '0');
    const unknown = await run('start', 'wbe');
    const wrong = await run('ensure', 'web', '--timeout', 'soon');
    const elsewhere = answerOf(begin(['ensure', 'web'], '/'));
    assert.deepEqual(
      [crashed, late, unknown, wrong, await elsewhere].map(({ code }) => code),
      [1, 6, 4, 2, 3],
    );
    assert.match(unknown.stderr, /There is no server "wbe"\. Available servers:\n {2}web\n {2}api/u);
  });

  it('stops a server of another caller only if the user agrees', async () => {
    await run('ensure', 'web');
    const { state } = host.registry.get('web');
    const pid = 'run' in state ? state.run.process.pid : 0;
    const refused = await run('stop', 'web');
    assert.deepEqual([refused.code, isAlive(pid)], [5, true]);
    host.answer = 'accepted';
    assert.equal((await run('restart', 'web')).code, 0);
    assert.equal((await json('stop', 'web'))['outcome'], 'stopped');
    assert.equal(isAlive(pid), false);
    assert.deepEqual(
      host.questions.map(({ kind, caller }) => [kind, caller.name, typeof caller.pid]),
      ['stop', 'restart', 'stop'].map((kind) => [kind, 'devservers (command line)', 'number']),
    );
  });

  it('refuses calls while the user has switched agents off', async () => {
    host.isEnabled = false;
    const { code, stdout } = await run('ensure', 'web', '--json');
    assert.deepEqual([code, (JSON.parse(stdout) as { error: string }).error], [5, 'disabled']);
  });

  it('prints the log, and follows it until it is interrupted', async () => {
    const url = (await run('ensure', 'web')).stdout.trim();
    const follower = new RunningCommand(begin(['logs', 'web', '--follow', '--grep', '/got/']));
    await until('the first line', async () => {
      await fetch(`${url}one`);
      return follower.output.includes('got /one\n');
    });
    await fetch(`${url}two`);
    await until('the next line', () => follower.output.includes('got /two\n'));
    assert.equal(await follower.interrupt(), 130);
    assert.doesNotMatch(follower.output, /at http/u);
    const { stdout } = await run('logs', 'web', '-n', '1');
    assert.equal(stdout, 'got /two\n');
    const found = await run('logs', 'web', '--grep', 'AT HTTP', '--json');
    assert.deepEqual(JSON.parse(found.stdout), { line: `at ${url}` });
    assert.equal((await run('logs', 'web', '--since', '1h', '--grep', 'at http')).stdout, `at ${url}\n`);
    const none = await run('logs', 'web', '--since', '2999-01-01');
    assert.match(
      none.stderr,
      /^The last run began at 20\S+Z, before the time of --since\. Lines have no times/u,
    );
    assert.equal(none.stdout, '');
    assert.equal((await run('logs', 'web', '--since', 'soon')).code, 2);
  });

  it('gives up an expression that takes too long for a line', async () => {
    await host.define({ long: `console.log('${'a'.repeat(40)}!'); setInterval(() => undefined, 1000)` });
    await host.lifecycle.start('long');
    await until('the line', async () => (await run('logs', 'long')).stdout.includes('a!'));
    const { code, stderr } = await run('logs', 'long', '--grep', '/(a+)+$/');
    assert.deepEqual([code, stderr], [2, '--grep: /(a+)+$/i takes too long\n']);
  });

  it('prints what pages wrote to the console of the browser, and counts their errors', async () => {
    const lines = ['ready', '[browser] hello (app/page.tsx:4:11)', '[browser] Uncaught Error: empty cart'];
    const page = `console.log(${JSON.stringify(lines.join('\n'))}); setInterval(() => undefined, 1000)`;
    await host.define({ page });
    await host.lifecycle.start('page');
    await until('the error', () => pageErrorsOf(host.registry.get('page').state) === 1);
    const printed = await run('logs', 'page', '--kind', 'browser');
    assert.deepEqual(printed, { code: 0, stdout: `${lines.slice(1).join('\n')}\n`, stderr: '' });
    assert.equal(
      (await run('logs', 'page', '--kind', 'browser', '--grep', 'cart')).stdout,
      `${lines[2] ?? ''}\n`,
    );
    assert.equal((await run('logs', 'page', '--kind', 'server')).code, 2);
  });

  it('opens the URL of a server in the browser that the terminal names', async () => {
    const url = (await run('ensure', 'web')).stdout.trim();
    const opened = await answerOf(begin(['open', 'web'], host.folder, { BROWSER: 'true' }));
    assert.deepEqual(opened, { code: 0, stdout: `${url}\n`, stderr: '' });
    const none = await answerOf(begin(['open', 'web'], host.folder, { BROWSER: join(host.folder, 'none') }));
    assert.deepEqual([none.code, none.stderr.includes(url)], [1, true]);
    await host.define({ 'a$(x)': '' });
    const stopped = await run('open', 'a$(x)');
    assert.deepEqual([stopped.code, stopped.stderr.endsWith("devservers ensure 'a$(x)'\n")], [1, true]);
  });

  it('knows the current folder if the window has it open by another path', async () => {
    const [real, link] = [join(host.folder, 'web'), join(host.folder, 'link')];
    mkdirSync(real);
    symlinkSync('web', link);
    const common = { name: 'dev', folder: 'shop', env: {}, port: undefined, source: 'settings' } as const;
    const command = nodeProgram('-e', '');
    await host.defineServers([
      { ...common, id: 'shop/link:dev', subfolder: 'link', cwd: link, command },
      { ...common, id: 'shop:dev', subfolder: '', cwd: host.folder, command },
    ]);
    const { code, stderr } = await answerOf(begin(['open', 'dev'], real));
    assert.deepEqual([code, stderr.startsWith('shop/link:dev has no URL')], [1, true]);
  });

  it('distinguishes a worktree inside the folder from the folder', async () => {
    const worktree = join(host.folder, 'worktrees', 'fix');
    mkdirSync(worktree, { recursive: true });
    await git('init', '-q', host.folder);
    await git(
      '-C',
      host.folder,
      '-c',
      'user.name=t',
      '-c',
      'user.email=t',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    );
    await git('-C', host.folder, 'worktree', 'add', '-q', '-f', worktree);
    const [record] = windowIds(host);
    const { code, stderr } = await answerOf(
      begin(['ensure', 'web'], worktree, { DEV_SERVERS_WINDOW: record ?? '' }),
    );
    assert.deepEqual([code, /is a git worktree/u.test(stderr)], [3, true]);
    assert.equal(host.registry.get('web').state.kind, 'stopped');
  });
});

async function git(...args: string[]): Promise<void> {
  const [code] = (await once(spawn('git', args, { stdio: 'inherit' }), 'close')) as [number];
  assert.equal(code, 0, `git ${args.join(' ')}`);
}

function windowIds({ records }: AgentHost): string[] {
  return readdirSync(records)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -5));
}
