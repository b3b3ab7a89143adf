import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { StartRequest } from '../../../src/core/lifecycle/processHost.js';
import { serverEnvironment, type EnvironmentLayers } from '../../../src/host/launch/environment.js';
import { readEnvironmentFiles } from '../../../src/host/launch/environmentFiles.js';
import { SharedQuery } from '../../../src/host/system/sharedQuery.js';
import { environmentCommand, parseEnvironment } from '../../../src/host/launch/shellCommand.js';
import type { ShellEnvironmentMode } from '../../../src/core/commandLine/shellEnvironment.js';
import { hasShellEnvironment, ShellEnvironment } from '../../../src/host/launch/shellEnvironment.js';
import { isAlive, until } from '../../support/processes.js';
import { TestHost } from '../support/testHost.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dev-servers-environment-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file to the folder of the test and returns its path. */
function write(name: string, text: string | Buffer, mode = 0o644): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('the environment of a server', () => {
  const layers = (given: Partial<EnvironmentLayers>): EnvironmentLayers => ({
    inherited: {},
    terminal: {},
    files: [],
    own: {},
    ...given,
  });
  const ours = {
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'vscode',
    DEV_SERVER_REGISTRY_ID: 'run-1234',
  };

  it('combines the inherited variables, the terminal settings, the files in order, its own variables, and the marker', () => {
    const given = layers({
      inherited: { A: 'inherited', B: 'inherited', C: 'inherited', D: 'inherited', E: 'inherited' },
      terminal: { B: 'terminal', C: 'terminal', D: 'terminal', E: 'terminal', TERM: 'dumb' },
      files: [
        { C: 'first', D: 'first', E: 'first' },
        { D: 'second', E: 'second' },
      ],
      own: { E: 'own', DEV_SERVER_REGISTRY_ID: 'stolen' },
    });
    assert.deepEqual(serverEnvironment(given, 'run-1234', false), {
      A: 'inherited',
      B: 'terminal',
      C: 'first',
      D: 'second',
      E: 'own',
      ...ours,
      TERM: 'dumb',
    });
  });

  it("has none of the editor's own variables", () => {
    const inherited = {
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_IPC_HOOK: 'x',
      CHROME_DESKTOP: 'x',
      DEV_SERVER_REGISTRY_ID: 'outer',
      HOME: '/home/me',
      GONE: undefined,
    };
    assert.deepEqual(serverEnvironment(layers({ inherited }), 'run-1234', false), {
      HOME: '/home/me',
      ...ours,
    });
  });

  it('lacks variables that the terminal settings remove, and resolves references in these settings', () => {
    const given = layers({
      inherited: { PATH: '/usr/bin', NODE_OPTIONS: '--inspect' },
      terminal: {
        PATH: '/opt/bin:${env:PATH}',
        NODE_OPTIONS: null,
        NEVER: null,
        EMPTY: '[${env:MISSING}${env:constructor}]',
      },
    });
    assert.deepEqual(serverEnvironment(given, 'run-1234', false), {
      PATH: '/opt/bin:/usr/bin',
      EMPTY: '[]',
      ...ours,
    });
  });

  it('has one PATH on Windows, regardless of its spelling', () => {
    const given = layers({
      inherited: { Path: String.raw`C:\Windows`, TEMP: 'x' },
      terminal: { PATH: String.raw`C:\tools;\${env:pAtH}`.replace(String.raw`\$`, '$'), temp: null },
      own: { path: String.raw`C:\own` },
    });
    assert.deepEqual(serverEnvironment(given, 'run-1234', true), { Path: String.raw`C:\own`, ...ours });
    const { own: _, ...rest } = given;
    assert.equal(serverEnvironment(layers(rest), 'run-1234', true)['Path'], String.raw`C:\tools;C:\Windows`);
    assert.deepEqual(serverEnvironment(layers({ inherited: { Path: 'a', PATH: 'b' } }), 'run-1234', false), {
      Path: 'a',
      PATH: 'b',
      ...ours,
    });
  });
});

describe('a file of variables', () => {
  it('is read with comments, quotation marks and a byte order mark', async () => {
    const path = write('.env', '\uFEFFFIRST=1\n# comment\nexport QUOTED="a b"\nEMPTY=\r\nLAST=x # more\n');
    assert.deepEqual(await readEnvironmentFiles([path]), [
      { FIRST: '1', QUOTED: 'a b', EMPTY: '', LAST: 'x' },
    ]);
  });

  it('is named if it is missing, is a folder, is too large, or contains an invalid value', async () => {
    const gone = join(folder, 'gone.env');
    const large = write('large.env', 'x'.repeat(1024 * 1024 + 1));
    const nul = write('nul.env', 'A=\0');
    const expected = [
      [gone, `Environment file not found: ${gone}.`],
      [folder, `The environment file is not a regular file: ${folder}.`],
      [large, `The environment file is larger than 1 MiB: ${large}.`],
      [nul, `The environment file contains a NUL character: ${nul}.`],
    ];
    for (const [path = '', message] of expected) {
      await assert.rejects(readEnvironmentFiles([path]), { reason: 'spawnFailed', message });
    }
  });
});

describe('the query of a shell for its environment', () => {
  it('uses the syntax of each shell', () => {
    const words = (shell: string) => environmentCommand(shell, "/opt/it's/node", 'MARK').args;
    const node = `env -u NODE_OPTIONS '/opt/it'\\''s/node' -p '"MARK" + JSON.stringify(process.env) + "MARK"'`;
    const posix = `echo MARK; printenv NODE_OPTIONS; ${node}`;
    assert.deepEqual(words('/bin/sh'), ['-i', '-l', '-c', posix]);
    assert.deepEqual(words('/bin/zsh'), ['-i', '-l', '-c', `cd .; ${posix}`]);
    assert.deepEqual(words('/usr/bin/fish'), ['-i', '-l', '-c', `emit fish_prompt; ${posix}`]);
    assert.deepEqual(words('/bin/tcsh'), ['-ic', posix]);
    assert.deepEqual(words('/usr/bin/nu').at(-1), `print MARK; try { ^printenv NODE_OPTIONS }; ^${node}`);
    assert.deepEqual(words('/usr/bin/pwsh'), [
      '-Login',
      '-Command',
      "'MARK'; $env:NODE_OPTIONS; $env:NODE_OPTIONS = $null; & '/opt/it''s/node' -p '''MARK'' + JSON.stringify(process.env) + ''MARK'''",
    ]);
  });

  it('has its answer between marks, without the shell’s own variables', () => {
    const output =
      'Welcome!\nMARK\nMARK{"PATH":"/opt","SHLVL":"1","_":"x","PWD":"/","XDG_RUNTIME_DIR":"/run"}MARK\nbye';
    assert.deepEqual(parseEnvironment(output, 'MARK'), { PATH: '/opt' });
    assert.deepEqual(parseEnvironment('MARK\n--inspect\nMARK{}MARK', 'MARK'), { NODE_OPTIONS: '--inspect' });
    assert.deepEqual(parseEnvironment('MARK\n\nMARK{}MARK', 'MARK'), { NODE_OPTIONS: '' });
    for (const wrong of [
      '',
      'MARK',
      'MARK{}MARK',
      'MARK\nMARK{MARK',
      'MARK\nMARK7MARK',
      'MARKMARKnullMARK',
    ]) {
      assert.equal(parseEnvironment(wrong, 'MARK'), undefined, wrong);
    }
  });

  it('is unnecessary if the editor was started from a shell', () => {
    assert.deepEqual([{ SHLVL: '1' }, { VSCODE_CLI: '1' }, { SHLVL: '0' }, {}].map(hasShellEnvironment), [
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a shell that sets up an environment', () => {
  const complaints: string[] = [];
  beforeEach(() => complaints.splice(0));

  const shellEnvironment = (shell: string, more: { timeoutMs?: number; maxWaitMs?: number } = {}) => {
    const platform = currentPlatform();
    const environment = new ShellEnvironment({
      platform,
      table: new SharedQuery(() => platform.list()),
      reportError: (message) => complaints.push(message),
      ...more,
    });
    environment.setEditor({ PATH: process.env['PATH'], HOME: folder, SHELL: shell });
    return environment;
  };

  const settings = (shell: ShellEnvironmentMode) => ({ shell, terminal: {} });

  const others = async (shell: ShellEnvironment, mode: ShellEnvironmentMode, used: NodeJS.ProcessEnv) => {
    const found = [];
    for await (const other of shell.others(folder, settings(mode), { used, since: 0 })) found.push(other);
    return found;
  };

  it('is queried once, with all its startup files', async () => {
    write('.bash_profile', `echo hello; echo x >> "$HOME/asked"; . "$HOME/.bashrc"\n`);
    write('.bashrc', 'export FROM_NVM=1 PATH="$HOME/.nvm/bin:$PATH"\n');
    const shell = shellEnvironment('/bin/bash', { maxWaitMs: 240_000 });
    const [first, second] = await Promise.all([
      shell.inherited(folder, settings('auto')),
      shell.inherited(folder, settings('always')),
    ]);
    assert.deepEqual(
      [first['FROM_NVM'], first['PATH']?.split(delimiter)[0], second, complaints],
      ['1', join(folder, '.nvm/bin'), first, []],
    );
    assert.equal(readFileSync(join(folder, 'asked'), 'utf8'), 'x\n');
    // A missing program need not be searched again in the same environment.
    assert.deepEqual(
      (await others(shell, 'auto', first)).map(({ FROM_NVM }) => FROM_NVM),
      [undefined],
    );
  });

  it.skipIf(process.platform === 'darwin').for([
    ['a .bash_profile of its own', '.bash_profile', 'export FROM_PROFILE=1'],
    ['a .profile of its own', '.profile', 'export FROM_PROFILE=1'],
    ['no profile', '.other', ''],
    ['a profile that reads it', '.bash_profile', 'export FROM_PROFILE=1; . ~/.bashrc'],
  ] as const)('has read .bashrc once, as a terminal has, with %s', async ([, profile, text]) => {
    write(profile, text);
    write('.bashrc', 'echo x >> "$HOME/read"; export FROM_NVM=1');
    const shell = shellEnvironment('/bin/bash', { maxWaitMs: 240_000 });
    const { FROM_NVM, FROM_PROFILE } = await shell.inherited(folder, settings('always'));
    assert.deepEqual([FROM_NVM, FROM_PROFILE ?? ''], ['1', text && '1']);
    assert.equal(readFileSync(join(folder, 'read'), 'utf8'), 'x\n');
  });

  it('is not queried if the setting is never', async () => {
    const shell = shellEnvironment('/no/such/shell');
    assert.equal((await shell.inherited(folder, settings('never')))['HOME'], folder);
    assert.deepEqual(await others(shell, 'never', {}), []);
    assert.deepEqual(complaints, []);
  });

  it('does not delay a start if it is slow, and is used once it has answered', async () => {
    const go = join(folder, 'go');
    const slow = write(
      'slow',
      `#!/bin/sh\nwhile ! [ -e '${go}' ]; do sleep 0.05; done\nexport LATE=1\nexec /bin/sh -c "$4"\n`,
      0o755,
    );
    const shell = shellEnvironment(slow, { maxWaitMs: 50 });
    assert.equal((await shell.inherited(folder, settings('always')))['LATE'], undefined);
    assert.equal((await shell.inherited(folder, settings('always')))['LATE'], undefined);
    writeFileSync(go, '');
    await until(
      'the answer',
      async () => (await shell.inherited(folder, settings('always')))['LATE'] === '1',
    );
    assert.deepEqual(complaints, [
      'The shell takes long to tell its environment; servers start without it until then.',
    ]);
  });

  it('is terminated with its processes if it does not answer, which is reported once', async () => {
    const pids = join(folder, 'pids');
    const hangs = write(
      'hangs',
      `#!/bin/sh\ntrap '' TERM HUP\nsleep 1000 &\necho $$ $! > '${pids}'\nwait\n`,
      0o755,
    );
    const shell = shellEnvironment(hangs, { timeoutMs: 1000, maxWaitMs: 240_000 });
    await Promise.all([
      shell.inherited(folder, settings('always')),
      shell.inherited(folder, settings('always')),
    ]);
    assert.deepEqual(complaints, [
      'The environment of the shell is not known: the shell did not answer in time.',
    ]);
    const left = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    assert.deepEqual([left.length, left.filter(isAlive)], [2, []]);
  });

  it('gets time to clean up if it does not answer', async () => {
    const lock = join(folder, 'lock');
    const locked = `trap 'rm ${lock}' EXIT; echo > ${lock}; while :; do sleep 0.05; done`;
    write('.bashrc', `bash -c "${locked}"\n`);
    write('.bash_profile', '. "$HOME/.bashrc"\n');
    const shell = shellEnvironment('/bin/bash', { maxWaitMs: 50 });
    await shell.inherited(folder, settings('always'));
    await until('the lock', () => existsSync(lock));
    await shell.end();
    assert.equal(existsSync(lock), false);
  });

  it('is not reported as failed when it is ended on purpose', async () => {
    const asked = join(folder, 'asked');
    const hangs = write(
      'hangs',
      `#!/bin/sh\ntrap '' TERM\necho > '${asked}'\nwhile :; do sleep 0.05; done\n`,
      0o755,
    );
    const shell = shellEnvironment(hangs, { maxWaitMs: 240_000 });
    const start = shell.inherited(folder, settings('always'));
    await until('the question', () => existsSync(asked));
    await shell.end();
    assert.equal((await start)['HOME'], folder);
    await shell.inherited(join(folder, 'other'), settings('always'));
    assert.deepEqual(complaints, []);
  });

  it('is reported as failed with its own message, or if it does not exist', async () => {
    const fails = write('fails', '#!/bin/sh\necho "no such option" >&2\nexit 3\n', 0o755);
    await shellEnvironment(fails).inherited(folder, settings('always'));
    await shellEnvironment(join(folder, 'gone')).inherited(folder, settings('always'));
    write('.bashrc', 'exec true\n');
    await shellEnvironment('/bin/bash', { maxWaitMs: 240_000 }).inherited(folder, settings('always'));
    const floods = write('floods', '#!/bin/sh\nexec yes\n', 0o755);
    await shellEnvironment(floods, { maxWaitMs: 240_000 }).inherited(folder, settings('always'));
    assert.deepEqual(complaints, [
      'The environment of the shell is not known: the shell ended with exit 3. no such option',
      `The environment of the shell is not known: spawn ${join(folder, 'gone')} ENOENT`,
      'The environment of the shell is not known: the shell ended with exit 0.',
      'The environment of the shell is not known: the shell prints without end.',
    ]);
  });
});

describe('a start', () => {
  let host: TestHost;
  let inherited: NodeJS.ProcessEnv;
  beforeEach(() => {
    inherited = { ...process.env };
    host = new TestHost();
  });
  afterEach(async () => {
    process.env = inherited;
    await host.end();
  });

  const node = (script: string): StartRequest['command'] => ({
    kind: 'argv',
    file: process.execPath,
    args: ['-e', script],
  });

  it('applies the settings for terminals and the files of variables, which are read each time', async () => {
    const first = write('first.env', 'A=first\nB=first\n');
    const second = write('second.env', 'B=second\n');
    const command = node(
      'console.log("=" + process.env.A + process.env.B + process.env.C + process.env.D + "=")',
    );
    const more: Partial<StartRequest> = {
      envFiles: [first, second],
      env: { D: 'own' },
      environment: { terminal: { C: '${env:HOME}!', D: 'terminal', A: 'terminal' }, shell: 'never' },
    };
    await host.watch(await host.start(command, more)).until(`=firstsecond${process.env['HOME']}!own=`);
    write('first.env', 'A=changed\n');
    await host.watch(await host.start(command, more)).until(`=changedsecond${process.env['HOME']}!own=`);
  });

  it('is refused, naming the file of variables that is not there', async () => {
    const gone = join(folder, '.env.local');
    await assert.rejects(host.start(node(''), { envFiles: [gone] }), {
      reason: 'spawnFailed',
      message: `Environment file not found: ${gone}.`,
    });
  });

  it('finds a tool that only the start-up files of the shell put on the PATH', async () => {
    write('.nvm/bin/nvm-tool', '#!/bin/sh\necho "found by $0"\n', 0o755);
    write('.bash_profile', 'export PATH="$HOME/.nvm/bin:$PATH"\n');
    Object.assign(process.env, { HOME: folder, SHELL: '/bin/bash' });
    const run = await host.start({ kind: 'argv', file: 'nvm-tool', args: [] });
    await host.watch(run).until(`found by ${join(folder, '.nvm/bin/nvm-tool')}`);
    const line = await host.shell('nvm-tool again');
    await host.watch(line).until('found by');
  });

  it('reports that Node is not on the PATH, with advice', async () => {
    const environment = { terminal: { PATH: folder }, shell: 'never' } as const;
    const hint =
      'Install Node.js. If a version manager such as nvm, fnm or asdf provides it, set "devServers.inheritShellEnvironment" to "always", or start the editor from a terminal.';
    await assert.rejects(host.start({ kind: 'argv', file: 'npm', args: ['run', 'dev'] }, { environment }), {
      reason: 'spawnFailed',
      message: `Command not found on the PATH: npm. ${hint}`,
    });
    await assert.rejects(host.shell('NODE_ENV=x node server.js', { environment }), {
      reason: 'spawnFailed',
      message: `Command not found on the PATH: node. ${hint}`,
    });
  });

  it('leaves a line that only the shell can interpret to the shell', async () => {
    const environment = { terminal: { PATH: '/usr/bin:/bin' }, shell: 'never' } as const;
    for (const line of [
      'exec echo made it',
      `PATH=${folder}; echo made it`,
      'nothing-here || echo made it',
    ]) {
      await host.watch(await host.shell(line, { environment })).until('made it');
    }
  });

  it('names a tool that exists but is not executable', async () => {
    const tool = write('bin/tool', '#!/bin/sh\n');
    const environment = { terminal: { PATH: join(folder, 'bin') }, shell: 'never' } as const;
    for (const command of [
      { kind: 'argv', file: 'tool', args: [] },
      { kind: 'shell', line: 'tool' },
    ] as const) {
      await assert.rejects(host.start(command, { environment }), {
        reason: 'spawnFailed',
        message: `Not executable: ${tool}.`,
      });
    }
  });
});
