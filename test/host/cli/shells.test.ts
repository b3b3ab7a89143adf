import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { english } from '../../../src/core/text.js';
import { installCommand, writeCommandScripts } from '../../../src/composition/commandScripts.js';
import { writeLauncher } from '../../../src/mcp/bridge/mcpCommand.js';
import { builtFile } from '../../support/builtFile.js';
import { skipWithout } from '../../support/skip.js';

describe('the command devservers', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-shell-'));
    const scripts = join(folder, "it's globalStorage", 'bin');
    await writeCommandScripts(scripts, builtFile('cli.js'));
    environment = {
      ...process.env,
      HOME: join(folder, 'home'),
      XDG_CONFIG_HOME: undefined,
      PATH: `${scripts}${delimiter}${process.env['PATH'] ?? ''}`,
    };
    mkdirSync(join(folder, 'home'));
    mkdirSync(join(folder, 'project', '.vscode'), { recursive: true });
    const ids = ['web', 'web:api', '$(touch owned)', '`touch owned`'];
    const servers = ids.map((id) => ({ id, command: 'node -v' }));
    writeFileSync(join(folder, 'project/.vscode/dev-servers.json'), JSON.stringify({ servers }));
    for (const [name, id] of Object.entries({ other: 'blog', third: 'shop' })) {
      mkdirSync(join(folder, name, '.vscode'), { recursive: true });
      const content = JSON.stringify({ servers: [{ id, command: 'node -v' }] });
      writeFileSync(join(folder, name, '.vscode/dev-servers.json'), content);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const inProject = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: join(folder, 'project'), env: environment, encoding: 'utf8' });

  it('runs the program, regardless of the characters in its path', () => {
    assert.match(inProject('devservers', 'list'), /:web .*node -v\n/u);
    const { status, stderr } = spawnSync('devservers', ['ensure'], { env: environment, encoding: 'utf8' });
    assert.deepEqual([status, /No VS Code window/u.test(stderr)], [3, true]);
  });

  it('is written by several windows at the same time, and is a whole program at any moment', async () => {
    const scripts = join(folder, 'scripts');
    const launcher = join(folder, 'launcher', 'mcp.cjs');
    const calls = Array.from({ length: 20 }, (_, index) => `/version${index}.js`);
    await Promise.all(
      calls.flatMap((program) => [writeCommandScripts(scripts, program), writeLauncher(launcher, program)]),
    );
    const written = [join(scripts, 'devservers'), launcher].map((path) => readFileSync(path, 'utf8'));
    for (const text of written) assert.match(text, /\/version\d+\.js/u);
    accessSync(join(scripts, 'devservers'), constants.X_OK);
    assert.deepEqual(
      [scripts, join(folder, 'launcher')].map((each) => readdirSync(each)),
      [['devservers'], ['mcp.cjs']],
    );
  });

  it('is installed as a link for other terminals, and replaces no other program', async () => {
    const [before, homeBefore] = [process.env['PATH'], process.env['HOME']];
    process.env['HOME'] = join(folder, 'home');
    try {
      const scripts = join(folder, "it's globalStorage", 'bin');
      const path = join(folder, 'home/.local/bin/devservers');
      for (const times of [2, 1]) {
        const installed = await Promise.all(
          Array.from({ length: times }, () => installCommand(scripts, english)),
        );
        for (const each of installed) assert.deepEqual(each, { path, isOnPath: false });
      }
      assert.equal(readlinkSync(path), join(scripts, 'devservers'));
      process.env['PATH'] = join(folder, 'home/.local/bin');
      assert.equal((await installCommand(scripts, english)).isOnPath, true);
      rmSync(path);
      writeFileSync(path, 'of the user');
      await assert.rejects(installCommand(scripts, english), /already exists/u);
    } finally {
      process.env['PATH'] = before;
      process.env['HOME'] = homeBefore;
    }
  });

  it('is completed by bash, which expands no name of the workspace', (context) => {
    skipWithout(context, 'bash');
    const complete = (line: string): string[] => {
      const script = `eval "$(devservers completion bash)"
COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=($1) COMP_CWORD=$2
_devservers
printf '%s\\n' "\${COMPREPLY[@]}"`;
      const words = line.split(' ').length - 1;
      return inProject('bash', '-c', script, 'bash', line, String(words)).split('\n').filter(Boolean);
    };
    assert.deepEqual(complete('devservers en'), ['ensure']);
    assert.deepEqual(complete('devservers ensure w'), ['web', 'web:api']);
    assert.deepEqual(complete('devservers ensure web:'), ['api']);
    assert.deepEqual(complete('devservers logs --fo'), ['--follow', '--folder']);
    assert.deepEqual(complete('devservers completion z'), ['zsh']);
    assert.deepEqual(complete('devservers logs --kind '), ['browser']);
    // After these, bash offers folders or nothing.
    for (const line of ['logs -n ', 'list proj']) assert.deepEqual(complete(`devservers ${line}`), [], line);
    assert.deepEqual(complete('devservers ensure -C ../other b'), ['blog']);
    assert.deepEqual(complete('devservers ensure --folder = ../other b'), ['blog']);
    const all = complete('devservers ensure ');
    assert.ok(all.includes(String.raw`\$\(touch\ owned\)`), all.join('\n'));
    assert.throws(() => readlinkSync(join(folder, 'project/owned')), { code: 'ENOENT' });
  });

  it('is completed by fish', (context) => {
    skipWithout(context, 'fish');
    const complete = (line: string): string[] =>
      inProject('fish', '-c', `devservers completion fish | source; complete -C ${JSON.stringify(line)}`)
        .split('\n')
        .map((each) => each.split('\t')[0] ?? '')
        .filter(Boolean);
    assert.deepEqual(complete('devservers en'), ['ensure']);
    assert.deepEqual(complete('devservers ensure we'), ['web', 'web:api']);
    assert.deepEqual(complete('devservers logs --fol').toSorted(), ['--folder', '--follow']);
    assert.deepEqual(complete('devservers logs --kind '), ['browser']);
    assert.deepEqual(complete('devservers logs --lines '), []);
    for (const start of ['logs --folder ', 'list '])
      assert.deepEqual(complete(`devservers ${start}../oth`), ['../other/'], start);
    for (const option of ['-C ', '--folder='])
      assert.deepEqual(complete(`devservers ensure ${option}../other b`), ['blog'], option);
    assert.deepEqual(complete('devservers ensure -C ~/../other b'), ['blog']);
  });

  it('is completed by zsh', (context) => {
    skipWithout(context, 'zsh');
    const offered = inProject(
      'zsh',
      '-f',
      '-c',
      `source <(devservers completion zsh)
compadd() { print -l -- "$@" }
_files() { print -l -- "files $*" }
words=(devservers ensure ''); CURRENT=3; _devservers
words=(devservers ''); CURRENT=2; _devservers
words=(devservers ensure -C ../other b); CURRENT=5; _devservers
words=(devservers ensure --folder=../third s); CURRENT=4; _devservers
words=(devservers logs --kind ''); CURRENT=4; _devservers
words=(devservers logs -C ''); CURRENT=4; _devservers`,
    ).split('\n');
    for (const word of [
      'ensure',
      'web',
      'web:api',
      '--timeout',
      '$(touch owned)',
      'blog',
      'shop',
      'browser',
      'files -/',
    ])
      assert.ok(offered.includes(word), `${word} is not in ${offered.join(' ')}`);
  });
});
