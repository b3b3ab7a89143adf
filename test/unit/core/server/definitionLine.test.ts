import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { definitionPlace } from '../../../../src/core/server/definitionLine.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { definition } from '../support/fakes.js';

/** Returns `line: text` of the place, with the lines counted from 1. */
function place(text: string, more: Partial<ServerDefinition>): string | undefined {
  const found = definitionPlace(text, definition(`shop/web:${more.name}`, more));
  if (!found) return undefined;
  const line = text.split('\n')[found.line] ?? '';
  return `${found.line + 1}: ${line.slice(found.column, found.column + found.length)}`;
}

describe('the line that defines a server', () => {
  it('is the line of the script, not of a dependency with the same name', () => {
    const text =
      '{\n  "dependencies": { "dev": "1" },\n  "scripts": {\n    "predev": "dev",\n    "dev": "vite"\n  }\n}';
    assert.equal(place(text, { name: 'dev' }), '5: dev');
  });

  it('is found in other files, too, without the suffix of the display name', () => {
    const files: readonly (readonly [string, Partial<ServerDefinition>])[] = [
      ['all: dev\n\ndev:\n\tnode .\n', { name: 'dev', source: 'taskRunners' }],
      ['web-api:\n\tnode .\n', { name: 'web-api', source: 'taskRunners' }],
      ['services:\n  db:\n    image: postgres\n  web:\n', { name: 'web', source: 'compose' }],
      ['web: bin/rails server\n', { name: 'web', source: 'procfile' }],
      ['all:\n\nserve:\n', { name: 'serve (Makefile)', source: 'taskRunners' }],
      ['{ "label": "Run app" }\n', { name: 'Run app', source: 'tasks' }],
      ['print()\n', { name: 'runserver', source: 'django' }],
    ];
    assert.deepEqual(
      files.map(([text, more]) => place(text, more)),
      ['3: dev', '1: web-api', '4: web', '1: web', '3: serve', '1: Run app', undefined],
    );
  });

  it('is the command of a guide as the guide writes it, not the same words in a sentence', () => {
    const guides: readonly (readonly [string, Partial<ServerDefinition>])[] = [
      ['We play fair.\n\n`npm run play` starts it.\n', { name: 'play', textInFile: 'npm run play' }],
      [
        'To make live changes:\n```sh\n$ cd web\n> $ make live  # starts it\n```\n',
        { name: 'make live', textInFile: 'make live' },
      ],
      [
        'Run:\r\n\r\n    docker compose -f dev.yml \\\r\n      up -d\r\n',
        { name: 'docker compose -f dev.yml up', textInFile: 'docker compose -f dev.yml up -d' },
      ],
      ['Run make live or make build.\n', { name: 'make live', textInFile: 'make live' }],
    ];
    assert.deepEqual(
      guides.map(([text, more]) => place(text, { ...more, source: 'guides' })),
      ['3: npm run play', '4: make live', '3: docker compose -f dev.yml', '1: make live'],
    );
  });

  it('is the one of the chosen way to start it', () => {
    const way = { name: 'dev', source: 'taskRunners', textInFile: 'serve (Makefile)' } as const;
    assert.equal(place('dev: serve\n\nserve:\n\tnode .\n', way), '3: serve');
  });
});
