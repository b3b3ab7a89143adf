import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { StartRequest } from '../../../src/core/lifecycle/processHost.js';
import type { RunId } from '../../../src/core/server/state.js';
import { until } from '../../support/processes.js';
import { skipWithout } from '../../support/skip.js';
import { TestHost } from '../support/testHost.js';

let host: TestHost;
let home = '';
let inherited: NodeJS.ProcessEnv;

beforeEach(() => {
  inherited = { ...process.env };
  host = new TestHost();
  home = realpathSync(mkdtempSync(join(tmpdir(), 'dev-servers-home-')));
});

afterEach(async () => {
  process.env = inherited;
  await host.end();
  rmSync(home, { recursive: true });
});

/** Writes a file of the home folder and returns its path. */
function write(name: string, text: string, mode = 0o644): string {
  const path = join(home, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** Makes the editor run as a user with this shell and with the folder of the test as home. */
function useShell(shell: string): void {
  Object.assign(process.env, { HOME: home, SHELL: shell, XDG_CONFIG_HOME: join(home, '.config') });
  for (const name of ['ZDOTDIR', 'XDG_DATA_HOME']) delete process.env[name];
}

/** Starts a server that prints the values of variables, in parentheses, and waits for these. */
async function prints(expected: Record<string, string>, more: Partial<StartRequest> = {}): Promise<void> {
  const names = JSON.stringify(Object.keys(expected));
  const script = `console.log(${names}.map((name) => name + "=(" + (process.env[name] ?? "not set") + ")").join("\\n"))`;
  const output = host.watch(
    // By its full path, since a server must not depend on the Node that the editor runs on.
    await host.start({ kind: 'argv', file: process.execPath, args: ['-e', script] }, more),
  );
  for (const [name, value] of Object.entries(expected)) await output.until(`${name}=(${value})`);
}

describe('the variables of the editor', () => {
  it('reach servers that start later, with their values at that time', async () => {
    process.env['DATABASE_URL'] = 'first';
    process.env['GONE'] = 'here';
    await prints({ DATABASE_URL: 'first', GONE: 'here' });
    process.env['DATABASE_URL'] = 'second';
    delete process.env['GONE'];
    await prints({ DATABASE_URL: 'second', GONE: 'not set' });
  });

  it('do not reach servers if an extension sets them for its own process', async () => {
    process.env['NODE_ENV'] = 'production';
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    await prints({
      NODE_ENV: inherited['NODE_ENV'] ?? 'not set',
      NODE_TLS_REJECT_UNAUTHORIZED: inherited['NODE_TLS_REJECT_UNAUTHORIZED'] ?? 'not set',
    });
  });

  for (const options of ['--no-such-option', '--require ./.pnp.cjs', '--import tsx', '--inspect-brk=1']) {
    it(`reach them without keeping the process host from starting: NODE_OPTIONS=${options}`, async () => {
      process.env['NODE_OPTIONS'] = options;
      const run = await host.shell('echo "options=($NODE_OPTIONS)"');
      await host.watch(run).until(`options=(${options})`);
    });
  }

  it('exclude what the editor removes from its terminals, and what its package adds', async () => {
    const mount = '/tmp/.mount_codium1';
    Object.assign(process.env, {
      APPIMAGE: '/opt/codium.AppImage',
      APPDIR: mount,
      ARGV0: '/opt/codium.AppImage',
      LD_LIBRARY_PATH: `${mount}/usr/lib:`,
      XDG_DATA_DIRS: `${mount}/usr/share:/usr/share`,
      ELECTRON_NO_ATTACH_CONSOLE: '1',
      VSCODE_PID: '1',
      VSCODE_IPC_HOOK_CLI: '/tmp/cli.sock',
      SNAP: '/snap/code/1',
      SNAP_NAME: 'code',
      GDK_PIXBUF_MODULE_FILE: '/snap/code/1/loaders',
      GTK_PATH: '/snap/code/1/gtk-3.0',
      GTK_PATH_VSCODE_SNAP_ORIG: '',
      LOCPATH: '/snap/code/1/locale',
      LOCPATH_VSCODE_SNAP_ORIG: '/usr/lib/locale',
      CHROME_BIN: '/usr/bin/chromium',
    });
    await prints({
      APPIMAGE: 'not set',
      ARGV0: 'not set',
      LD_LIBRARY_PATH: 'not set',
      XDG_DATA_DIRS: '/usr/share',
      ELECTRON_NO_ATTACH_CONSOLE: 'not set',
      VSCODE_PID: 'not set',
      VSCODE_IPC_HOOK_CLI: '/tmp/cli.sock',
      SNAP: 'not set',
      SNAP_NAME: 'not set',
      GDK_PIXBUF_MODULE_FILE: 'not set',
      GTK_PATH: 'not set',
      LOCPATH: '/usr/lib/locale',
      LOCPATH_VSCODE_SNAP_ORIG: 'not set',
      CHROME_BIN: '/usr/bin/chromium',
    });
  });
});

describe('a folder with files of a version manager', () => {
  /** Start-up files in which a manager sets up the version of the nearest `.nvmrc`. */
  const managers = [
    [
      'bash',
      '.bashrc',
      'use_version() { [ -r .nvmrc ] && export VERSION="$(cat .nvmrc)"; }\nPROMPT_COMMAND="use_version"\n',
    ],
    [
      'zsh',
      '.zshrc',
      'use_version() { [ -r .nvmrc ] && export VERSION="$(cat .nvmrc)" }\nautoload -U add-zsh-hook\nadd-zsh-hook chpwd use_version\n',
    ],
    [
      'fish',
      '.config/fish/config.fish',
      'function use_version --on-event fish_prompt\n  test -r .nvmrc; and set -gx VERSION (cat .nvmrc)\nend\n',
    ],
  ] as const;

  for (const [shell, file, hook] of managers) {
    it(`gives its servers the environment of a terminal there: ${shell}`, async (context) => {
      skipWithout(context, shell);
      useShell(execFileSync('which', [shell], { encoding: 'utf8' }).trim());
      write(file, hook);
      // Otherwise fish generates its completions, in a process that outlives the test.
      mkdirSync(join(home, '.local/share/fish/generated_completions'), { recursive: true });
      if (shell === 'bash') write('.bash_profile', '. "$HOME/.bashrc"\n');
      write('old/.nvmrc', '18');
      write('new/.nvmrc', '24');
      write('new/packages/web/package.json', '{}');
      write('none/package.json', '{}');
      await prints({ VERSION: '18' }, { cwd: join(home, 'old') });
      await prints({ VERSION: '24' }, { cwd: join(home, 'new/packages/web') });
      await prints({ VERSION: 'not set' }, { cwd: join(home, 'none') });
    });
  }

  it('gives its servers the environment of the terminal that they are started from there', async () => {
    useShell('/bin/bash');
    write('.bash_profile', 'export VERSION=shell\n');
    write('app/.nvmrc', '24');
    write('app/web/server.js', '');
    write('other/.nvmrc', '18');
    process.env['VERSION'] = 'terminal';
    const environment = { terminal: {}, shell: 'auto', terminalFolder: join(home, 'app') } as const;
    await prints({ VERSION: 'terminal' }, { cwd: join(home, 'app/web'), environment });
    await prints({ VERSION: 'shell' }, { cwd: join(home, 'other'), environment });
  });

  it('finds a program of the editor if the startup files set another PATH', async () => {
    useShell('/bin/bash');
    write('.bash_profile', 'export PATH=/usr/bin:/bin\n');
    write('app/.nvmrc', '24');
    write('bin/mytool', '#!/bin/sh\necho "found by the editor"\n', 0o755);
    process.env['PATH'] = `${join(home, 'bin')}:${process.env['PATH']}`;
    const run = await host.start({ kind: 'argv', file: 'mytool', args: [] }, { cwd: join(home, 'app') });
    await host.watch(run).until('found by the editor');
  });

  it('causes one query of the shell, and another one when its files or the startup files change', async () => {
    useShell('/bin/bash');
    const asked = join(home, 'asked');
    write('.bash_profile', `echo x >> ${asked}\nVERSION=$(cat .tool-versions); export VERSION\n`);
    write('app/.tool-versions', 'nodejs 18');
    write('app/web/server.js', '');
    await prints({ VERSION: 'nodejs 18' }, { cwd: join(home, 'app') });
    await prints({ VERSION: 'nodejs 18' }, { cwd: join(home, 'app/web') });
    assert.equal(readFileSync(asked, 'utf8'), 'x\n');
    write('app/.tool-versions', 'nodejs 24.1');
    await prints({ VERSION: 'nodejs 24.1' }, { cwd: join(home, 'app') });
    write('.bash_profile', `echo x >> ${asked}\nexport VERSION=9\n`);
    await prints({ VERSION: '9' }, { cwd: join(home, 'app') });
    process.env['OTHER'] = 'changed';
    await prints({ VERSION: '9', OTHER: 'changed' }, { cwd: join(home, 'app') });
    assert.equal(readFileSync(asked, 'utf8'), 'x\nx\nx\nx\n');
  });

  it('holds up no stop of a server that waits for it, and no other server loses its answer', async () => {
    useShell('/bin/bash');
    const [asked, answer] = [join(home, 'asked'), join(home, 'answer')];
    write(
      '.bash_profile',
      `echo x >> ${asked}\nuntil [ -e ${answer} ]; do sleep 0.1; done\nexport VERSION=24\n`,
    );
    write('app/.nvmrc', '24');
    const cwd = join(home, 'app');
    const start = (): Promise<RunId> =>
      host.start({ kind: 'argv', file: process.execPath, args: ['-e', ''] }, { cwd });
    const cancelled = assert.rejects(start(), { reason: 'cancelled' });
    const stopped = assert.rejects(start(), { reason: 'cancelled' });
    const other = prints({ VERSION: '24' }, { cwd });
    await until('the shell is asked', () => existsSync(asked));
    const [first = '', second = ''] = host.runs;
    host.client.cancelStart(first);
    const report = await host.client.stop({ runId: second, signal: 'SIGTERM', graceMs: 5000 });
    await Promise.all([cancelled, stopped]);
    assert.deepEqual(report, { forced: false, survivors: [], busyPorts: [] });
    write('answer', '');
    await other;
    const spawned = host.events.flatMap((event) => (event.kind === 'spawned' ? [event.runId] : []));
    assert.deepEqual([readFileSync(asked, 'utf8'), spawned], ['x\n', host.runs.slice(2)]);
  });

  it('finds the tools that direnv puts on the PATH', async (context) => {
    skipWithout(context, 'direnv');
    useShell('/bin/bash');
    write('.bash_profile', '. "$HOME/.bashrc"\n');
    write('.bashrc', 'eval "$(direnv hook bash)"\n');
    const cwd = join(home, 'app');
    write('app/.envrc', 'export DATABASE_URL=from-direnv\nPATH_add bin\n');
    write('app/bin/own-tool', '#!/bin/sh\necho "own tool of $DATABASE_URL"\n', 0o755);
    execFileSync('direnv', ['allow', cwd], { env: process.env });
    const run = await host.start({ kind: 'argv', file: 'own-tool', args: [] }, { cwd });
    await host.watch(run).until('own tool of from-direnv');
  });

  it('finds them even if the terminal settings set the PATH, as in a terminal', async (context) => {
    skipWithout(context, 'direnv');
    useShell('/bin/bash');
    write('.bash_profile', '. "$HOME/.bashrc"\nexport LEVEL="$LEVEL and shell"\n');
    write('.bashrc', 'eval "$(direnv hook bash)"\n');
    const cwd = join(home, 'app');
    write('app/.envrc', 'PATH_add bin\n');
    write('app/bin/own-tool', '#!/bin/sh\necho "own tool at $LEVEL"\n', 0o755);
    execFileSync('direnv', ['allow', cwd], { env: process.env });
    const terminal = { PATH: '/usr/bin:/bin', LEVEL: 'settings' };
    const run = await host.start(
      { kind: 'argv', file: 'own-tool', args: [] },
      { cwd, environment: { terminal, shell: 'auto' } },
    );
    await host.watch(run).until('own tool at settings and shell');
  });

  it('is queried with its own Node, regardless of options in the startup files', async () => {
    useShell('/bin/bash');
    write('.bash_profile', 'export NODE_OPTIONS="--no-such-option" PATH="$HOME/bin:$PATH"\n');
    write('bin/mytool', '#!/bin/sh\necho "mytool with ($NODE_OPTIONS)"\n', 0o755);
    const run = await host.start({ kind: 'argv', file: 'mytool', args: [] });
    await host.watch(run).until('mytool with (--no-such-option)');
  });

  it('finds a tool that was installed after the shell was queried', async () => {
    useShell('/bin/bash');
    write('.bash_profile', '[ -d "$HOME/bin" ] && export PATH="$HOME/bin:$PATH"\n');
    const command = { kind: 'argv', file: 'late-tool', args: [] } as const;
    await assert.rejects(host.start(command), { reason: 'spawnFailed' });
    write('bin/late-tool', '#!/bin/sh\necho "installed later"\n', 0o755);
    await host.watch(await host.start(command)).until('installed later');
  });
});
