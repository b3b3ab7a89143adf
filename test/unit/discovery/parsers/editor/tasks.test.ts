import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { tasksParser } from '../../../../../src/discovery/parsers/editor/tasks.js';
import type { TaskSystem } from '../../../../../src/discovery/parsers/editor/taskServer.js';
import { parsed } from '../../support/fakes.js';

describe('A tasks.json', () => {
  it('lists the background tasks that serve', () => {
    const text = `{
      // written by hand
      "version": "2.0.0",
      "tasks": [
        { "label": "web", "type": "shell", "command": "vite --port $PORT && true", "isBackground": true },
        { "label": "api", "type": "process", "command": "\${workspaceFolder}/bin/api", "args": ["-p", "80 80"], "isBackground": true,
          "options": { "cwd": "\${workspaceFolder}/server", "env": { "ROOT": "\${workspaceFolder}" } } },
        { "type": "npm", "script": "dev", "path": "apps/web", "isBackground": true },
        { "label": "build", "type": "shell", "command": "make" },
        { "label": "watch", "type": "shell", "command": "tsc", "args": ["-w"], "isBackground": true },
        { "type": "npm", "script": "watch", "isBackground": true },
        { "type": "gulp", "task": "serve", "isBackground": true },
      ],
    }`;
    assert.deepEqual(parsed(tasksParser('linux'), '.vscode/tasks.json', text, ['yarn.lock']), {
      servers: [
        { name: 'web', command: { kind: 'shell', line: 'vite --port $PORT && true' }, directory: '' },
        {
          name: 'api',
          command: { kind: 'argv', file: '../bin/api', args: ['-p', '80 80'] },
          directory: './server',
          env: { ROOT: '..' },
        },
        { name: 'dev', command: { kind: 'argv', file: 'yarn', args: ['run', 'dev'] }, directory: 'apps/web' },
      ],
      problems: [],
    });
  });

  it('joins words as the editor does, and passes the line to the shell that it names', () => {
    const task = {
      label: 'x',
      command: 'serve',
      args: ['a b', { value: 'c"d e', quoting: 'strong' }, '$X'],
      isBackground: true,
    };
    assert.deepEqual(
      commands([task, { ...task, options: { shell: { executable: 'fish', args: ['-lc'] } } }]),
      [
        { kind: 'shell', line: `serve "a b" 'c"d e' $X` },
        { kind: 'argv', file: 'fish', args: ['-lc', `serve "a b" 'c"d e' $X`] },
      ],
    );
  });

  it('may differ for one system', () => {
    const task = { label: 'x', command: 'serve', isBackground: true, windows: { command: 'serve.cmd' } };
    assert.deepEqual(
      (['linux', 'windows'] as const).map((system) => commands([task], system)),
      [[{ kind: 'shell', line: 'serve' }], [{ kind: 'shell', line: 'serve.cmd' }]],
    );
  });

  it('is reported with each task that cannot be run, and the others are used', () => {
    const tasks = [
      { label: 'a', command: 'serve ${input:port}', isBackground: true },
      { label: 'b', command: 'serve', options: { cwd: 7 }, isBackground: true },
      { label: 'c', command: 'serve', isBackground: true },
      { label: 'd', command: 'install-certificate ${input:password}' },
      7,
    ];
    const { servers, problems } = parsed(
      tasksParser('linux'),
      '.vscode/tasks.json',
      JSON.stringify({ tasks }),
    );
    assert.deepEqual(
      [servers.map(({ name }) => name), problems],
      [
        ['c'],
        [
          'The task "a" was ignored: ${input:port} is not known outside the editor.',
          'The task "b" was ignored: "options.cwd" is not valid',
        ],
      ],
    );
  });

  it('that is broken, not an object, or nested too deeply is reported once', () => {
    const texts = ['{"tasks": [', '[]', '{"tasks": 7}', '['.repeat(100_000), 'null'];
    assert.deepEqual(
      texts.map((text) => parsed(tasksParser('linux'), '.vscode/tasks.json', text).problems.length),
      [1, 1, 1, 1, 1],
    );
  });
});

function commands(tasks: readonly unknown[], system: TaskSystem = 'linux'): unknown[] {
  const text = JSON.stringify({ tasks });
  return parsed(tasksParser(system), '.vscode/tasks.json', text).servers.map(({ command }) => command);
}
