import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { applyEdits } from 'jsonc-parser';
import { describe, it } from 'vitest';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import {
  entryRange,
  exampleText,
  insertEntry,
} from '../../../../src/discovery/configuration/configurationText.js';
import { savedEntry } from '../../../../src/discovery/configuration/savedEntry.js';
import { configured, english, FakeFiles } from '../support/fakes.js';

const format = { insertSpaces: true, tabSize: 2, eol: '\n' };
const entry = { id: 'web', script: 'dev' };

/** Returns the text with the entry in it, or the refusal. */
function added(text: string, written = format): string {
  const result = insertEntry(text, entry, written, english);
  if ('refusal' in result) return `refused: ${result.refusal}`;
  const changed = applyEdits(text, [...result.edits]);
  const { offset, length } = result.range;
  assert.deepEqual(JSON.parse(changed.slice(offset, offset + length)), entry);
  return changed;
}

describe('A saved entry', () => {
  it('creates a new file', () => {
    const whole = '{\n  "servers": [\n    {\n      "id": "web",\n      "script": "dev"\n    }\n  ]\n}\n';
    assert.deepEqual([added(''), added('\n')], [whole, whole]);
  });

  it('leaves comments and formatting as they are', () => {
    const text = `{
  // mine
  "groups": {}, /* b */
  "servers": [
    { "id": "a",   "command": "x" } // c
  ],
}
`;
    assert.equal(
      added(text),
      `{
  // mine
  "groups": {}, /* b */
  "servers": [
    { "id": "a",   "command": "x" },
    {
      "id": "web",
      "script": "dev"
    } // c
  ],
}
`,
    );
    assert.equal(
      added('{ "groups": { "a":  [] } }'),
      `{ "groups": { "a":  [] },
  "servers": [
    {
      "id": "web",
      "script": "dev"
    }
  ] }`,
    );
    assert.equal(
      added('{\r\n\t"servers": [] // none\r\n}\r\n', { insertSpaces: false, tabSize: 4, eol: '\r\n' }),
      '{\r\n\t"servers": [\r\n\t\t{\r\n\t\t\t"id": "web",\r\n\t\t\t"script": "dev"\r\n\t\t}\r\n\t] // none\r\n}\r\n',
    );
  });

  it('is added to a file that contains only the example', async () => {
    const text = added(exampleText());
    assert.ok(text.includes('// Development servers for everybody') && text.includes('//   "ready"'), text);
    const files = new FakeFiles({ 'package.json': { scripts: { dev: 'vite' } } });
    const { definitions, problems } = await configured({ text, files });
    assert.deepEqual([definitions.map(({ id }) => id), problems], [['shop:web'], []]);
  });

  it('does not change a file that cannot be parsed in full', () => {
    assert.deepEqual(
      ['{ "servers": [', '[]', '{ "servers": {} }', '['.repeat(100)].map((text) => added(text)),
      [
        'refused: It is not valid JSON: a closing bracket is missing',
        'refused: It is not a JSON object',
        'refused: "servers" is not a list',
        'refused: It is nested more than 50 levels deep',
      ],
    );
  });

  it('is found by its id', () => {
    const text = '{ "servers": [{ "id": "a" }, { "id": "b" }] }';
    const range = entryRange(text, 'b');
    assert.deepEqual(
      [
        range && text.slice(range.offset, range.offset + range.length),
        entryRange(text, 'c'),
        entryRange('', 'a'),
      ],
      ['{ "id": "b" }', undefined, undefined],
    );
  });
});

describe('The entry of a discovered server', () => {
  const script: ServerDefinition = {
    id: 'shop/apps/web:dev',
    name: 'dev',
    folder: 'shop',
    subfolder: 'apps/web',
    command: { kind: 'argv', file: 'npm', args: ['run', 'dev'] },
    cwd: '/home/me/shop/apps/web',
    env: {},
    port: undefined,
    source: 'scripts',
    script: { body: 'vite', argumentPrefix: ['--'] },
  };
  const program: ServerDefinition = {
    id: 'shop:web',
    name: 'web',
    folder: 'shop',
    subfolder: '',
    command: { kind: 'argv', file: 'python', args: ['manage.py', 'runserver'] },
    cwd: '/home/me/shop',
    env: { A: '1' },
    envFiles: ['/home/me/shop/.env'],
    port: 8000,
    portArgument: '{port}',
    source: 'django',
  };
  const line: ServerDefinition = {
    ...program,
    command: { kind: 'shell', line: 'a | b' },
    source: 'procfile',
  };

  it('states what runs it', () => {
    assert.deepEqual(
      [script, program, line].map((each) => savedEntry(each, '/home/me/shop', posix)),
      [
        { id: 'apps/web:dev', name: 'dev', script: 'dev', cwd: 'apps/web' },
        {
          id: 'web',
          command: 'python',
          args: ['manage.py', 'runserver'],
          env: { A: '1' },
          envFile: ['.env'],
          port: 8000,
          portArgument: '{port}',
        },
        {
          id: 'web',
          command: 'a | b',
          env: { A: '1' },
          envFile: ['.env'],
          port: 8000,
          portArgument: '{port}',
        },
      ],
    );
  });

  it('does not change the server', async () => {
    const files = new FakeFiles({ '.env': '', 'apps/web/package.json': { scripts: { dev: 'vite' } } });
    for (const found of [script, program, line]) {
      const text = JSON.stringify({ servers: [savedEntry(found, '/home/me/shop', posix)] });
      const { definitions, problems } = await configured({ text, files, discovered: [found] });
      const { file, overrides, ...saved } = definitions[0] ?? found;
      assert.deepEqual(
        [saved, file, problems],
        [{ ...found, source: 'configuration' }, '.vscode/dev-servers.json', []],
      );
      assert.ok(overrides);
    }
  });
});
