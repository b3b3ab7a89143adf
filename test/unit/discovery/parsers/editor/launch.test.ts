import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { launchParser } from '../../../../../src/discovery/parsers/editor/launch.js';
import { parsed } from '../../support/fakes.js';

describe('A launch.json for agents', () => {
  it('has servers with their commands and ports', () => {
    const text = `{
      "version": "0.0.1", // of the file
      "autoVerify": true,
      "configurations": [
        { "name": "Web", "runtimeExecutable": "npm", "runtimeArgs": ["run", "dev"], "port": 5173, "autoPort": true },
        { "name": "API", "program": "\${workspaceFolder}/server.js", "args": ["--x"], "cwd": "apps/api", "env": { "A": "1" } },
      ],
    }`;
    assert.deepEqual(parsed(launchParser, 'shop/.claude/launch.json', text), {
      servers: [
        {
          name: 'Web',
          command: { kind: 'argv', file: 'npm', args: ['run', 'dev'] },
          directory: 'shop',
          port: 5173,
        },
        {
          name: 'API',
          command: { kind: 'argv', file: 'node', args: ['../../server.js', '--x'] },
          directory: 'shop/apps/api',
          env: { A: '1' },
        },
      ],
      problems: [],
    });
  });

  it('reports each invalid entry and uses the others', () => {
    const configurations = [
      { name: 'none' },
      { name: 'port', runtimeExecutable: 'x', port: '80' },
      { runtimeExecutable: 'x' },
      { name: 'variable', runtimeExecutable: 'x', cwd: '${input:x}' },
      7,
      { name: 'good', runtimeExecutable: 'x' },
    ];
    const { servers, problems } = parsed(
      launchParser,
      '.claude/launch.json',
      JSON.stringify({ configurations }),
    );
    assert.deepEqual(
      [servers.map(({ name }) => name), problems],
      [
        ['good'],
        [
          'Entry 1 was ignored: "runtimeExecutable".',
          'Entry 2 was ignored: "port".',
          'Entry 3 was ignored: "name".',
          'Entry 4 was ignored: ${input:x}.',
          'Entry 5 was ignored: "name".',
        ],
      ],
    );
  });

  it('that is broken or has the wrong form is reported once', () => {
    const texts = ['{', '[]', '7', '{"configurations":{}}', '['.repeat(100_000)];
    assert.deepEqual(
      texts.map((text) => parsed(launchParser, '.claude/launch.json', text).problems.length >= 1),
      [true, true, true, true, true],
    );
  });
});
