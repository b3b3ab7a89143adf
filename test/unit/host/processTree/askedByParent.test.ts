import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  AskedByParents,
  hasCutter,
  needSeparateSignals,
} from '../../../../src/host/processTree/askedByParent.js';
import type { ProcessEntry } from '../../../../src/host/system/processes.js';

const root = { name: 'r', process: { pid: 10, startTime: '10', bootId: '' }, parent: 1, leader: undefined };

function entry(pid: number, parent: number, command: string, session = 10): ProcessEntry {
  return { pid, parent, group: session, session, startTime: String(pid), marker: 'r', command };
}

describe('a process that gets the signal from its parent', () => {
  const members = (program: string): ProcessEntry[] => [
    entry(10, 1, program),
    entry(11, 10, 'sh -c server'),
    entry(12, 11, 'node server.js'),
  ];

  const relays = [
    'make dev',
    '/usr/bin/node --watch server.js',
    'node /app/node_modules/.bin/nodemon server.js',
    'node /app/node_modules/tsx/dist/cli.mjs watch server.ts',
    'node /app/node_modules/.bin/concurrently "a" "b"',
    'bun run dev',
    'deno task dev',
    'node /app/node_modules/.bin/cross-env A=1 sh -c server',
    'node /app/node_modules/.bin/cross-env-shell server',
    'node /app/node_modules/.bin/dotenv -- sh -c server',
    'node /app/node_modules/.pnpm/dotenv-cli@8.0.0/node_modules/dotenv-cli/cli.js -- sh -c server',
    '/usr/bin/tini -s -- sh -c server',
    'dumb-init --single-child sh -c server',
    'timeout 1000 sh -c server',
    'entr -nr sh -c server',
    'python3 /usr/bin/supervisord -c app.conf',
    '/usr/bin/python3 /usr/bin/hypercorn -w 2 app:app',
    '/usr/lib/jvm/21/bin/java -Xmx512m org.gradle.launcher.daemon.bootstrap.GradleDaemon 8.14',
    'node /app/node_modules/.bin/env-cmd sh -c server',
    'node /app/node_modules/.bin/node-dev server.js',
  ];
  for (const program of relays) {
    it(`is below ${program}`, () => {
      const asked = new AskedByParents(root, 'SIGTERM').update(members(program), false);
      assert.deepEqual([...asked], [11, 12]);
    });
  }

  for (const program of [
    'npm run dev',
    'node server.js --watcher',
    'bash -c make',
    'node makefile.js',
    'java -classpath /app/gradle-launcher.jar org.gradle.launcher.GradleMain bootRun',
    'node --require dotenv/config server.js',
    'entr -n sh -c server',
  ]) {
    it(`is not below ${program}`, () => {
      assert.deepEqual([...new AskedByParents(root, 'SIGTERM').update(members(program), false)], []);
    });
  }

  it('is not below make when the signal is SIGINT, which make does not pass on', () => {
    assert.deepEqual([...new AskedByParents(root, 'SIGINT').update(members('make dev'), false)], []);
  });

  it('stays one when its own parent has exited, until all relays have', () => {
    const asked = new AskedByParents(root, 'SIGTERM');
    asked.update(members('make dev'), false);
    const orphan = entry(12, 1, 'node server.js');
    assert.deepEqual([...asked.update([entry(10, 1, 'make dev'), orphan], false)], [12]);
    assert.deepEqual([...asked.update([orphan], false)], []);
  });

  it('is left alone below a hasty relay while there is time', () => {
    const asked = new AskedByParents(root, 'SIGTERM');
    const runner = 'node /app/node_modules/.bin/env-cmd sh -c server';
    asked.update(members(runner), true);
    const orphan = entry(12, 1, 'node server.js');
    assert.deepEqual([[...asked.update([orphan], true)], [...asked.update([orphan], false)]], [[12], []]);
  });

  it('gets Ctrl+C below a program that cuts it off at a signal', () => {
    const cutters = [
      'node /app/node_modules/.bin/nx serve web',
      'node /app/nx/bin/nx.js serve',
      'script -qec server',
    ];
    const others = [
      'node /app/node_modules/nx/src/daemon/server/start.js',
      'node nx-server.js',
      'node script server',
    ];
    assert.deepEqual(
      [...cutters, ...others].map((program) => hasCutter(members(program))),
      [true, true, true, false, false, false],
    );
  });

  const withTerminal = (each: ProcessEntry, hasTerminal: boolean): ProcessEntry => ({ ...each, hasTerminal });

  it('is left alone if it owns terminals, as tmux does, or waits for its children in one', () => {
    const keeper = withTerminal(entry(20, 1, 'tmux new-session npm run dev', 20), false);
    const inside = [
      entry(30, 20, 'npm run dev', 30),
      entry(31, 30, 'sh -c server', 30),
      entry(32, 31, 'node server.js', 30),
    ].map((each) => withTerminal(each, true));
    const client = withTerminal(entry(10, 1, 'tmux new-session npm run dev'), true);
    const asked = new AskedByParents(root, 'SIGTERM');
    const left = (tree: ProcessEntry[], hasTime = true): number[] => [...asked.update(tree, hasTime)];
    assert.deepEqual(left([client, keeper, ...inside]), [30, 31, 20]);
    assert.deepEqual(left([keeper, ...inside.slice(0, 1)]), [20]);
    assert.deepEqual(left([keeper]), []);
    assert.deepEqual(left([client, keeper, ...inside], false), []);
  });

  it('is left alone above a terminal that its end would close, unless it asks the tasks there itself', () => {
    const tree = (program: string): ProcessEntry[] => [
      withTerminal(entry(10, 1, 'npm run dev'), true),
      withTerminal(entry(20, 10, program), true),
      ...[entry(30, 20, 'sh -c server', 30), entry(31, 30, 'node server.js', 30)].map((each) =>
        withTerminal(each, true),
      ),
    ];
    const left = (all: ProcessEntry[]): number[] => [
      ...new AskedByParents(root, 'SIGTERM').update(all, true),
    ];
    const expect = tree('expect unbuffer sh -c server');
    assert.deepEqual(
      [left(expect), left(expect.slice(0, 3)), left(expect.slice(0, 2))],
      [[30, 20, 10], [20, 10], []],
    );
    assert.equal(needSeparateSignals(root, expect, 'SIGTERM'), true);
    const helper = withTerminal(entry(21, 20, 'asciinema rec'), true);
    assert.deepEqual(left([...expect, helper]), [30, 21, 20, 10]);
    const turbo = tree('/app/node_modules/@turbo/linux-64/bin/turbo run dev');
    assert.deepEqual([left(turbo), needSeparateSignals(root, turbo, 'SIGTERM')], [[30, 31], false]);
  });

  const inTerminal = (...lines: readonly string[]): ProcessEntry[] => [
    entry(10, 1, 'node server.js'),
    ...lines.map((line, index) =>
      withTerminal(entry(30 + index, index === 0 ? 10 : 29 + index, line, 30), true),
    ),
  ];
  const leftAtFirst = (tree: ProcessEntry[]): number[] => [
    ...new AskedByParents(root, 'SIGTERM').update(tree, true),
  ];

  it('is not left alone above terminals in which only shells wait for input', () => {
    for (const shell of [
      'bash',
      '-bash',
      '/bin/bash --init-file /code/shellIntegration-bash.sh',
      'zsh -i',
      'fish -l --init-command source "/code/shellIntegration.fish"',
      'bash -o vi +O extglob --norc',
    ])
      assert.deepEqual(leftAtFirst(inTerminal(shell, 'sh')), [30, 31], shell);
    for (const command of [
      'bash dev.sh',
      'bash -lc node server.js',
      'fish --command=dev',
      'bash --rcfile a dev.sh',
      'node',
    ])
      assert.deepEqual(leftAtFirst(inTerminal(command)), [10], command);
    assert.deepEqual(leftAtFirst(inTerminal('bash', 'node server.js')), [30, 10]);
    assert.equal(needSeparateSignals(root, inTerminal('bash'), 'SIGTERM'), false);
  });

  it('is not left alone when it opens another terminal during the stop', () => {
    const asked = new AskedByParents(root, 'SIGTERM');
    assert.deepEqual([...asked.update(inTerminal('node task.js'), true)], [10]);
    const [server, task] = inTerminal('node task.js');
    assert.ok(server && task);
    assert.deepEqual([...asked.update([server, { ...task, startTime: '99' }], true)], [30]);
  });

  it('is left alone above a terminal that the first scan does not show: it may have begun before the stop', () => {
    const asked = new AskedByParents(root, 'SIGTERM');
    const tree = inTerminal('node task.js');
    assert.deepEqual([...asked.update(tree.slice(0, 1), true)], []);
    assert.deepEqual([...asked.update(tree, true)], [10]);
  });

  it('gets the signal in a terminal that the child of a relay opened, and the relay does not yet', () => {
    const tree = [
      entry(10, 1, 'timeout 9 node server.js'),
      entry(20, 10, 'node server.js'),
      ...[entry(30, 20, 'sh -c task', 30), entry(31, 30, 'node task.js', 30)].map((each) =>
        withTerminal(each, true),
      ),
    ];
    assert.deepEqual(leftAtFirst(tree), [20, 30, 10]);
  });

  it('is below a relay in a terminal, which gets the signal unless its end would close the terminal', () => {
    const lines = (relay: string): ProcessEntry[] =>
      inTerminal('npm run dev', relay, 'sh -c task', 'node task.js');
    assert.deepEqual(leftAtFirst(lines('make dev')), [32, 33, 30, 10]);
    assert.deepEqual(leftAtFirst(lines('node /app/node_modules/.bin/env-cmd task')), [30, 31, 32, 10]);
  });

  it('is left alone in a session of its own below a live parent, while there is time', () => {
    const task = [entry(10, 1, 'node turbo'), entry(20, 10, 'sh', 20), entry(21, 20, 'node server.js', 20)];
    const asked = new AskedByParents(root, 'SIGTERM');
    assert.deepEqual([...asked.update(task, true)], [20, 21]);
    assert.deepEqual([...asked.update(task, false)], []);
    assert.deepEqual([...asked.update([entry(20, 1, 'sh', 20)], true)], []);
  });
});
