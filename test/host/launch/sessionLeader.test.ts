import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import type { ExitStatus } from '../../../src/core/server/state.js';
import { startRoot, type RootProcess } from '../../../src/host/launch/rootProcess.js';
import { SessionLeaders } from '../../../src/host/launch/sessionLeader.js';
import { isAlive, killAll, pidsWith, until } from '../../support/processes.js';
import { TestHost } from '../support/testHost.js';

/** Shells that can lead, by the path of a program called `sh`. The bash of macOS is version 3, which cannot. */
const shells = {
  dash: '/bin/dash',
  ...(process.platform !== 'darwin' && { bash: '/bin/bash' }),
  ash: '/bin/busybox',
};

/** Skips a test whose fixture reads Linux' own files. */
function skipUnlessLinux({ skip }: TestContext): void {
  if (process.platform !== 'linux') skip('it reads /proc');
}

/** Variables that shells drop, change or interpret, and values that are not valid text in any shell. */
const variables = {
  PATH: process.env['PATH'] ?? '',
  TERM: 'xterm-256color',
  PWD: '/elsewhere',
  OLDPWD: '/before',
  SHLVL: '7',
  _: '/usr/bin/something',
  IFS: 'x',
  PS4: '$(exit 1)',
  BASH_VERSION: 'none',
  'a.b': 'dot',
  'npm_config_//registry.example/:_authToken': 'secret',
  'BASH_FUNC_x%%': '() {  echo x\n}',
  QUOTED: `it's "$HOME" \`id\` $(id) \\ é\nnext`,
  EMPTY: '',
  // The script of the leader has variables of these names.
  ...Object.fromEntries(
    ['evidence', 'run', 'shell', 'root', 'code', 'cause', 'pid', 'key', 'state'].map((name) => [name, 'own']),
  ),
  // macOS takes these from its own programs.
  DYLD_LIBRARY_PATH: '/somewhere',
};

for (const [name, path] of Object.entries(shells)) {
  describe.skipIf(!existsSync(path))(`a session leader (${name})`, () => {
    let folder: string;
    let leaders: SessionLeaders | undefined;
    const alive: RootProcess[] = [];

    beforeAll(async () => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'dev-servers-leader-')));
      // bash as /bin/sh; busybox acts as the program whose name it is called by.
      const shell = join(folder, name === 'bash' ? 'sh' : name);
      symlinkSync(path, shell);
      leaders = await SessionLeaders.open(
        join(folder, 'leaders'),
        { outlivesHost: true, reportError: assert.ifError },
        shell,
      );
      assert.ok(leaders);
    });
    afterAll(() => {
      leaders?.close();
      if (folder) rmSync(folder, { recursive: true });
    });

    interface Run {
      readonly root: RootProcess;
      readonly exit: Promise<ExitStatus>;
      readonly output: () => string;
      /** Resolves with the exit after the leader was killed and the output is complete. */
      end(): Promise<ExitStatus>;
    }

    let count = 0;
    function start(
      file: string,
      args: readonly string[],
      env: Record<string, string> = variables,
      led = true,
    ): Run {
      let output = '';
      let root: RootProcess | undefined;
      const exit = new Promise<ExitStatus>((resolve) => {
        root = startRoot({
          runId: `test-${(count += 1)}`,
          leaders: led ? leaders : undefined,
          file,
          args,
          cwd: folder,
          env,
          onData: (chunk) => (output += chunk.toString()),
          onExit: resolve,
        });
      });
      assert.ok(root);
      const started = root;
      alive.push(started);
      const end = async (): Promise<ExitStatus> => {
        const status = await exit;
        const { leaderPid } = await started.started;
        if (leaderPid !== undefined) killAll([leaderPid]);
        await started.closed;
        return status;
      };
      return { root: started, exit, output: () => output, end };
    }

    const node = (script: string, ...args: string[]): Run => start(process.execPath, ['-e', script, ...args]);

    it('changes neither the environment, the arguments, the folder nor the signals of the server', async (context) => {
      skipUnlessLinux(context);
      const script = `
        const { env, argv, cwd } = process;
        const status = require('fs').readFileSync('/proc/self/status', 'utf8');
        console.log(JSON.stringify([Object.entries(env).sort(), argv, process.cwd(), status.match(/Sig(?:Ign|Blk).*/g)]));`;
      const args = ['-e', script, '', 'a b', '$(id)', "it's", '-n', '"', '*', 'é\n'];
      const runs = [true, false].map((led) => start(process.execPath, args, variables, led));
      for (const run of runs) assert.deepEqual(await run.end(), { kind: 'code', code: 0 });
      assert.equal(runs[0]?.output(), runs[1]?.output());
    });

    it('changes no environment with only valid names either', async () => {
      const env = {
        PATH: variables.PATH,
        TERM: 'xterm-256color',
        OLDPWD: '/before',
        SHLVL: '7',
        _: '/usr/bin/x',
      };
      const script = 'console.log(JSON.stringify(Object.entries(process.env).sort()))';
      const runs = [true, false].map((led) => start(process.execPath, ['-e', script], env, led));
      for (const run of runs) await run.end();
      assert.equal(runs[0]?.output(), runs[1]?.output());
    });

    it('runs a program with an equals sign in its path', async () => {
      mkdirSync(join(folder, 'a=b'), { recursive: true });
      symlinkSync('/bin/echo', join(folder, 'a=b', 'echo'));
      const run = start(join(folder, 'a=b', 'echo'), ['x=y', 'z']);
      await run.end();
      assert.equal(run.output(), 'x=y z\r\n');
    });

    it('gives the terminal to the group of the server from the start', async (context) => {
      skipUnlessLinux(context);
      const run = node(`
        const [, , group, , , terminal] = require('fs').readFileSync('/proc/self/stat', 'utf8').replace(/.*\\) /, '').split(' ');
        console.log(String([group, terminal].join() === [process.pid, process.pid].join() && process.stdin.isTTY));`);
      await run.end();
      assert.equal(run.output(), 'true\r\n');
    });

    it('reports the code with which the server exits', async () => {
      assert.deepEqual(await node('process.exit(3)').end(), { kind: 'code', code: 3 });
      const handled = await node('process.exit(143)').end();
      // bash does not report which of the two it was.
      assert.deepEqual(
        handled,
        name === 'bash' ? { kind: 'signal', signal: 'SIGTERM' } : { kind: 'code', code: 143 },
      );
    });

    for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL', 'SIGSEGV']) {
      it(`reports that the server was ended by ${signal}`, async () => {
        const run = node(`process.kill(process.pid, '${signal}'); setInterval(() => {}, 1000)`);
        assert.deepEqual(await run.end(), { kind: 'signal', signal });
      });
    }

    it('continues a server that Ctrl+Z suspends, and ends one by Ctrl+C', async () => {
      const run = node(
        `process.on('SIGCONT', () => console.log('continued')); setInterval(() => {}, 1000); console.log('ready')`,
      );
      await until('ready', () => run.output().includes('ready'));
      for (const times of [1, 2]) {
        run.root.write('\u001a');
        await until('continued', () => run.output().split('continued').length > times);
      }
      run.root.write('\u0003');
      assert.deepEqual(await run.end(), { kind: 'signal', signal: 'SIGINT' });
    });

    it('leaves a server suspended that gets SIGSTOP, until it is continued', async (context) => {
      skipUnlessLinux(context);
      const run = node(`
        process.stdin.on('data', () => process.exit(7));
        process.on('SIGCONT', () => console.log('continued'));
        console.log('ready');`);
      await until('ready', () => run.output().includes('ready'));
      const { pid } = await run.root.started;
      const fields = (): string[] =>
        readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ');
      const state = (): string | undefined => fields()[0];
      process.kill(pid, 'SIGSTOP');
      await until('suspended', () => state() === 'T');
      // The leader checks each second.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.equal(state(), 'T');
      process.kill(pid, 'SIGCONT');
      await until('the terminal', () => fields()[5] === String(pid));
      run.root.write('\r');
      assert.deepEqual(await run.end(), { kind: 'code', code: 7 });
    });

    it('passes every key to a server that reads the terminal itself', async () => {
      const run = node(`
        process.stdin.setRawMode(true).on('data', (keys) => {
          console.log(JSON.stringify(String(keys)));
          if (String(keys).includes('q')) process.exit(0);
        });
        process.stdout.on('resize', () => console.log(process.stdout.columns));
        console.log('ready');`);
      await until('ready', () => run.output().includes('ready'));
      run.root.resize(91, 20);
      await until('a resize', () => run.output().includes('91'));
      run.root.write('\u0003\u001aq');
      assert.deepEqual(await run.end(), { kind: 'code', code: 0 });
      assert.ok(run.output().includes(String.raw`"\u0003\u001aq"`), run.output());
    });

    it('waits after the end of the server until it is killed', async () => {
      const run = node('0');
      await run.exit;
      const { leaderPid } = await run.root.started;
      assert.ok(leaderPid !== undefined && isAlive(leaderPid));
      await run.end();
      assert.equal(isAlive(leaderPid), false);
    });

    it('leaves no file', () => {
      assert.deepEqual(readdirSync(join(folder, 'leaders')), ['reports']);
    });

    it('is left out when it could not report', async () => {
      rmSync(join(folder, 'leaders', 'reports'));
      const run = node('console.log("alone")');
      assert.deepEqual(await run.end(), { kind: 'code', code: 0 });
      assert.deepEqual([run.output(), (await run.root.started).leaderPid], ['alone\r\n', undefined]);
    });
  });
}

describe('the session leaders of a window', () => {
  it('end with their process host, regardless of how it ends', async () => {
    const host = new TestHost();
    const run = await host.start({ kind: 'argv', file: 'sleep', args: ['1000'] });
    await host.event(run, 'spawned');
    assert.equal(pidsWith(`DEV_SERVER_REGISTRY_ID=${run}`).length, 2);
    process.kill(host.client.pid ?? 0, 'SIGKILL');
    await until('the end of all processes', () => pidsWith(run).length === 0);
    await host.client.dispose();
    for (const each of [host.ledgerFolder, host.logFolder]) rmSync(each, { recursive: true });
  });

  it('need little memory', async (context) => {
    skipUnlessLinux(context);
    const host = new TestHost();
    const run = await host.start({ kind: 'argv', file: 'sleep', args: ['1000'] });
    const { process: root } = await host.event(run, 'spawned');
    const leader = pidsWith(run).find((pid) => pid !== root.pid) ?? 0;
    const sizes = readFileSync(`/proc/${leader}/smaps_rollup`, 'utf8').matchAll(/Private_\w+: +(\d+) kB/g);
    const privateKib = [...sizes].reduce((sum, [, size]) => sum + Number(size), 0);
    assert.ok(privateKib < 1536, `${privateKib} KiB`);
    await host.end();
  });
});
