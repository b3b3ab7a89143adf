import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { english } from '../../src/core/text.js';
import { installCommand, writeCommandScripts } from '../../src/composition/commandScripts.js';
import type { RunId } from '../../src/core/server/state.js';
import { queries } from '../../src/host/platform/windows.js';
import { system32 } from '../../src/host/platform/windowsSystem.js';
import { answerOf, startCommand, type CommandAnswer } from '../host/cli/support/commandLine.js';
import { builtFile } from '../support/builtFile.js';
import { freePort, isListening, until } from '../support/processes.js';
import { consoleWords, nodeProgram } from '../support/serverProgram.js';
import { fixture, processesWith, WindowsHost } from './support/windowsHost.js';

const cmd = join(system32, 'cmd.exe');

describe('the command line on Windows', () => {
  let temporary: string;
  let folder: string;
  let port: number;
  /** Its terminals are those of the user, in which Ctrl+C is a key. */
  let host: WindowsHost;
  beforeEach(async () => {
    temporary = realpathSync.native(mkdtempSync(join(tmpdir(), 'dev-servers-cli-')));
    folder = join(temporary, 'my äñ project');
    port = await freePort();
    host = new WindowsHost();
    mkdirSync(join(folder, '.vscode'), { recursive: true });
    const program = [...consoleWords, process.execPath, fixture('server.mjs')];
    const command = [...program.map((word) => `"${word}"`), String(port)].join(' ');
    const servers = [
      { id: 'web', command, autoStart: true },
      { id: 'broken', command: `"${process.execPath}" missing.mjs` },
    ];
    writeFileSync(join(folder, '.vscode/dev-servers.json'), JSON.stringify({ servers }));
  });
  afterEach(async () => {
    await host.end();
    // Removes what a killed one has left.
    await run('list');
    assert.deepEqual(await processesWith(temporary), [], 'processes were left behind');
    queries.end();
    rmSync(temporary, { recursive: true, maxRetries: 5 });
  });

  const storage = (): string => join(folder, 'storage');
  const environment = (): NodeJS.ProcessEnv => ({ DEV_SERVERS_WINDOWS: join(storage(), 'agents') });
  const records = (name: string): string[] => {
    try {
      return readdirSync(join(storage(), name)).filter((each) => each.endsWith('.json'));
    } catch {
      return [];
    }
  };
  const run = (...args: string[]): Promise<CommandAnswer> =>
    answerOf(startCommand(args, folder, environment()));
  /** Runs the command line in a terminal. Returns what it has printed: a console moves its cursor in place of blanks. */
  const up = async (...args: string[]): Promise<{ runId: RunId; output: () => string }> => {
    const command = nodeProgram(builtFile('cli.js'), 'up', ...args);
    const env = environment() as Record<string, string>;
    const runId = await host.start(command, { cwd: folder, env });
    const { text } = host.watch(runId);
    const output = (): string =>
      stripVTControlCharacters(
        // oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
        text().replaceAll(/\u001b\[(\d*)C/gu, (_, count: string) => ' '.repeat(Number(count || 1))),
      );
    return { runId, output };
  };
  const states = async (): Promise<unknown> =>
    (JSON.parse((await run('list', '--json')).stdout) as { id: string; state: string }[]).map(
      ({ id, state }) => [id.slice(id.indexOf(':') + 1), state],
    );

  it('runs the servers of a folder, which other terminals reach by a named pipe, and ends them with Ctrl+C', async () => {
    assert.deepEqual(await states(), [
      ['web', 'stopped'],
      ['broken', 'stopped'],
    ]);
    const { runId, output } = await up();
    await until('the server', () => /web = ready at http/u.test(output()));
    const ensured = await run('ensure', 'web', '--json');
    assert.equal((JSON.parse(ensured.stdout) as { url: string }).url, `http://127.0.0.1:${port}/`);
    assert.deepEqual(await states(), [
      ['web', 'ready'],
      ['broken', 'stopped'],
    ]);
    assert.match((await run('logs', 'web')).stdout, /Listening on http.* äñ✓/u);
    assert.equal((await run('stop', 'web')).code, 5);
    assert.match((await run('doctor')).stdout, /has .* open: 2 servers, 1 of them running/u);
    assert.equal(await isListening(port), true);
    assert.deepEqual((await host.stop(runId)).survivors, []);
    assert.deepEqual((await host.event(runId, 'ended')).exit, { kind: 'code', code: 0 });
    assert.equal(await isListening(port), false);
    assert.deepEqual(records('ledger'), []);
    // Under Wine, Ctrl+C ends `up` at once, though it handles the event; the process host then ends the servers.
    if (process.env['DEV_SERVERS_WINE'] === undefined) assert.deepEqual(records('agents'), []);
  });

  it('lets another terminal stop its server with --yes, and ends with its last server', async () => {
    const { runId, output } = await up('web', '--yes');
    await until('the server', () => output().includes('web = ready'));
    assert.equal((await run('stop', 'web')).code, 0);
    assert.deepEqual((await host.event(runId, 'ended')).exit, { kind: 'code', code: 0 });
    assert.equal(await isListening(port), false);
  });

  it('is called by a batch file, for any characters in the folder of the user', async () => {
    const home = join(folder, '100% ✓ home');
    const variables = { USERPROFILE: home, LOCALAPPDATA: join(home, 'AppData', 'Local') };
    const before = { ...process.env };
    Object.assign(process.env, variables);
    try {
      await writeCommandScripts(join(home, 'bin'), builtFile('cli.js'));
      const { path } = await installCommand(join(home, 'bin'), english);
      for (const script of [join(home, 'bin', 'devservers.cmd'), path]) {
        const words = ['/d', '/s', '/c', `""${script}" list "--folder=${folder}" --json"`];
        const env = { ...process.env, ...environment() };
        const options = { env, encoding: 'utf8', windowsVerbatimArguments: true } as const;
        const { stdout, stderr } = spawnSync(cmd, words, options);
        assert.match(stdout, /:web"/u, stderr);
      }
    } finally {
      for (const name of Object.keys(variables)) process.env[name] = before[name];
    }
  });

  it('passes arguments on unchanged, and exits with the exit code of the program', async () => {
    const result = join(folder, 'words.json');
    const script = join(folder, 'print words.cjs');
    const write = `require('fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify(process.argv.slice(2)))`;
    writeFileSync(script, `${write}; process.exit(7)`);
    writeFileSync(join(folder, 'tool.cmd'), `@"${process.execPath}" "%~dp0print words.cjs" %*\r\n`);
    const arrived = (): unknown => JSON.parse(readFileSync(result, 'utf8'));
    const nasty = ['a b', '"q"', 'a"b', '', '%PATH%', 'a&b|c', '^x', 'ä ✓', 'C:\\my dir\\'];
    assert.equal((await run('run', '--', process.execPath, script, ...nasty)).code, 7);
    assert.deepEqual(arrived(), nasty);
    const safe = ['a b', "it's", 'a;b=c', 'C:\\my dir\\'];
    const batch = await run('run', '--', '.\\tool.cmd', ...safe);
    assert.deepEqual([batch.code, arrived()], [7, safe]);
    const refused = await run('run', '--', '.\\tool.cmd', '%PATH%');
    assert.deepEqual([refused.code, /cannot be passed to a command safely/u.test(refused.stderr)], [1, true]);
    assert.equal((await run('run', '--', cmd, '/d', '/c', 'exit 3')).code, 3);
    assert.equal((await run('run', '--', 'noSuchTool')).code, 1);
  });
});
