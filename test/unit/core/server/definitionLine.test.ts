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
});
