import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { isAlive, until } from '../../support/processes.js';
import { AgentHost } from '../support/agentHost.js';
import { answerOf, startCommand } from './support/commandLine.js';

interface Finding {
  readonly status: string;
  readonly text: string;
  readonly advice?: string;
}

describe('the doctor of the command line', () => {
  let host: AgentHost;
  let listener: Server | undefined;
  beforeEach(() => {
    host = new AgentHost();
  });
  afterEach(async () => {
    listener?.close();
    await host.end();
  });

  const write = (path: string, content: unknown): void => {
    mkdirSync(join(host.folder, path, '..'), { recursive: true });
    writeFileSync(join(host.folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const diagnoseWith = async (env: NodeJS.ProcessEnv, cwd = host.folder, ...args: string[]) => {
    const child = startCommand(['doctor', '--json', ...args], cwd, {
      HOME: host.folder,
      SHELL: '/bin/sh',
      DEV_SERVERS_WINDOWS: host.records,
      ...env,
    });
    const { code, stdout } = await answerOf(child);
    const findings = JSON.parse(stdout) as Finding[];
    const text = findings.filter(({ status }) => status !== 'ok').map((each) => each.text);
    assert.equal(
      findings.every(({ status, advice }) => status === 'ok' || (advice ?? '').length > 20),
      true,
    );
    return { code, text };
  };
  const diagnose = (cwd?: string, ...args: string[]) => diagnoseWith({}, cwd, ...args);
  const web = { servers: [{ id: 'web', command: 'node server.mjs' }] };

  it('finds no problem if a window shows the servers', async () => {
    write('.vscode/dev-servers.json', web);
    await host.open();
    assert.deepEqual(await diagnose(), { code: 0, text: [] });
  });

  it('ends the shell that it asks when it is interrupted', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no start-up files of shells.');
    const shell = join(host.folder, 'bin', 'sh');
    const pidFile = join(host.folder, 'pid');
    write('bin/sh', `#!/bin/sh\necho $$ >${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 600\n`);
    chmodSync(shell, 0o755);
    const child = startCommand(['doctor'], host.folder, { HOME: host.folder, SHELL: shell });
    const answer = answerOf(child);
    await until('the shell', () => existsSync(pidFile));
    child.kill('SIGINT');
    assert.equal((await answer).code, 130);
    await until('its end', () => !isAlive(Number(readFileSync(pidFile, 'utf8'))));
  });

  it('says what is wrong with the files of a folder', async () => {
    await host.open();
    assert.deepEqual(await diagnose(), { code: 1, text: ['The files of the folder define no servers.'] });
    write('.vscode/dev-servers.json', { servers: [...web.servers, { id: 'bad', command: 7 }] });
    const invalid = await diagnose();
    assert.deepEqual([invalid.code, invalid.text.length], [1, 1]);
    assert.match(invalid.text[0] ?? '', /dev-servers\.json.*"command"/u);
    const conflict = '<<<<<<< HEAD\n    "a"\n=======\n    "b"\n>>>>>>> other\n';
    write('.vscode/dev-servers.json', `{\n  "servers": [\n${conflict}]}`);
    write('package.json', `{\n${conflict}}`);
    write('Procfile', `web: node server.mjs\n${conflict}`);
    write('api/package.json', '{\n  "scripts": {\n    "dev": 1 2\n}}');
    const conflicting = await diagnose();
    assert.deepEqual(conflicting.text.slice(0, 3), [
      'package.json: It has an unresolved merge conflict on line 2.',
      'Procfile: It has an unresolved merge conflict on line 2.',
      conflicting.text[2] ?? '',
    ]);
    assert.match(
      conflicting.text[2] ?? '',
      /^api\/package\.json: It is not valid JSON: a comma is missing on line 3, /u,
    );
    assert.equal(conflicting.text[3], '.vscode/dev-servers.json:3: It has an unresolved merge conflict.');
    for (const path of ['Procfile', 'api/package.json']) rmSync(join(host.folder, path));
    write('.vscode/dev-servers.json', web);
    write('package.json', { dependencies: { vite: '*' } });
    write('.env.example', 'KEY=');
    assert.deepEqual(await diagnose(), {
      code: 1,
      text: [
        `The packages of ${host.folder} are not installed.`,
        `${host.folder} has .env.example, but no .env.`,
      ],
    });
    const missing = await diagnose(host.folder, '-C', 'missing');
    assert.deepEqual(missing, { code: 1, text: [`${join(host.folder, 'missing')} does not exist.`] });
  });

  it('names a server whose folder does not exist', async () => {
    const [servers, folder] = [
      [{ id: 'web', command: 'node server.mjs', cwd: 'gone' }],
      join(host.folder, 'gone'),
    ];
    write('.vscode/dev-servers.json', { servers });
    await host.open();
    const text = `${basename(host.folder)}:web cannot start: its folder ${folder} does not exist.`;
    assert.deepEqual(await diagnose(), { code: 1, text: [text] });
    mkdirSync(folder);
    assert.deepEqual(await diagnose(), { code: 0, text: [] });
  });

  it('says why no window answers', async () => {
    write('.vscode/dev-servers.json', web);
    assert.match((await diagnose()).text.join('\n'), /^No editor of this user has opened a window/u);
    await host.open(['/elsewhere']);
    assert.deepEqual(await diagnose(), {
      code: 0,
      text: [`No window has ${realpathSync(host.folder)} open. Open folders: /elsewhere.`],
    });
    write('tree/.git', `gitdir: ${join(host.folder, '.git/worktrees/tree')}\n`);
    write('tree/.vscode/dev-servers.json', web);
    const worktree = join(host.folder, 'tree');
    assert.deepEqual((await diagnose(worktree)).text, [
      `${worktree} is a git worktree that no window has open. Open folders: /elsewhere.`,
    ]);
  });

  it('says what keeps the window from answering, and which servers have problems', async () => {
    write('.vscode/dev-servers.json', web);
    await host.define({ web: 'process.exit(3)' });
    await host.open();
    host.isTrusted = false;
    const untrusted = await diagnose();
    assert.deepEqual(
      [untrusted.code, /This workspace is not trusted/u.test(untrusted.text.join())],
      [1, true],
    );
    host.isTrusted = true;
    host.isEnabled = false;
    assert.match((await diagnose()).text.join(), /turned off agents/u);
    host.isEnabled = true;
    const ended = new Promise<void>((resolve) => {
      const unsubscribe = host.registry.onDidChange(() => {
        if (host.registry.get('web').state.kind !== 'crashed') return;
        unsubscribe();
        resolve();
      });
    });
    await host.lifecycle.start('web');
    await ended;
    assert.deepEqual((await diagnose()).text, ['web has crashed.']);
  });

  it('says which program uses the port of a server', async () => {
    listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    write('.vscode/dev-servers.json', { servers: [{ ...web.servers[0], port }] });
    await host.open();
    const { code, text } = await diagnose();
    assert.equal(code, 0);
    const holder = `process ${process.pid} \\(node`;
    assert.match(text.join(), new RegExp(`^Port ${port} of \\S+:web is already in use by ${holder}`, 'u'));
  });

  /** Changes the record by which the window is found. */
  const changeRecord = (changes: object): void => {
    const name = readdirSync(host.records).find((each) => each.endsWith('.json')) ?? '';
    const path = join(host.records, name);
    const record = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...record, ...changes }));
  };
  const executable = (name: string, script: string): string => {
    const path = join(host.folder, name);
    writeFileSync(path, script, { mode: 0o755 });
    return path;
  };

  interface Trouble {
    /** Breaks something, and returns variables for the environment. */
    readonly broken: () => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>;
    readonly said: RegExp;
    readonly code: number;
  }
  const troubles: Readonly<Record<string, Trouble>> = {
    'a damaged configuration file': {
      broken: () => {
        write('.vscode/dev-servers.json', '{"servers":[{"id":"web"');
        return {};
      },
      said: /dev-servers\.json:1: It is not valid JSON/u,
      code: 1,
    },
    'a program that is not installed': {
      broken: () => {
        write('.vscode/dev-servers.json', { servers: [{ id: 'web', command: 'no-such-program --watch' }] });
        return {};
      },
      said: /:web cannot start: no-such-program was not found on the PATH/u,
      code: 0,
    },
    'a script that is not executable': {
      broken: () => {
        write('run.sh', '#!/bin/sh');
        write('.vscode/dev-servers.json', { servers: [{ id: 'web', command: './run.sh' }] });
        return {};
      },
      said: /:web cannot start: \.\/run\.sh was not found in .*, or is not executable\.$/u,
      code: 0,
    },
    'a window that has another token': {
      broken: () => {
        changeRecord({ token: 'x'.repeat(64) });
        return {};
      },
      said: /^The servers of this folder cannot be reached: /u,
      code: 1,
    },
    'the socket of a window that is gone': {
      broken: () => {
        changeRecord({ socket: join(host.folder, 'gone.sock') });
        return {};
      },
      said: /^The servers of this folder cannot be reached: /u,
      code: 1,
    },
    'a folder for records that is a file': {
      broken: () => {
        write('file', '');
        return { DEV_SERVERS_WINDOWS: join(host.folder, 'file', 'agents') };
      },
      said: /file is not a folder\.$/u,
      code: 1,
    },
    'a shell and a window that do not respond': {
      broken: async () => {
        const socket = join(host.folder, 'silent.sock');
        listener = createServer((connection) => connection.resume()).listen(socket);
        await once(listener, 'listening');
        changeRecord({ socket });
        return { SHELL: executable('bash', "#!/bin/sh\ntrap '' TERM HUP\nsleep 1000\n") };
      },
      said: /does not respond\. .*\nThe shell \S+bash does not respond within 5 s\.$/u,
      code: 1,
    },
    'a shell that ends by itself': {
      broken: () => ({ SHELL: executable('zsh', '#!/bin/sh\nexit 3\n') }),
      said: /^The shell \S+zsh exits with code 3\.$/mu,
      code: 0,
    },
    'a shell that is not there': {
      broken: () => ({ SHELL: join(host.folder, 'missing', 'fish') }),
      said: /^The shell \S+fish cannot be started: .*ENOENT/u,
      code: 0,
    },
  };
  for (const [name, { broken, said, code }] of Object.entries(troubles))
    it(`names ${name}, and what to do`, async (context) => {
      if (process.platform === 'win32') context.skip('Its shells and sockets are others.');
      write('.vscode/dev-servers.json', web);
      await host.open();
      const answer = await diagnoseWith(await broken());
      assert.deepEqual(
        [answer.code, said.test(answer.text.join('\n'))],
        [code, true],
        answer.text.join('\n'),
      );
    });

  it('knows that two windows have the folder open', async () => {
    write('.vscode/dev-servers.json', web);
    const first = await host.open();
    const second = await host.open();
    assert.deepEqual(await diagnose(), { code: 0, text: [] });
    await second.close();
    await first.close();
  });
});
