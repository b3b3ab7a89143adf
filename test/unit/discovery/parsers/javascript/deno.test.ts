import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { deno } from '../../../../../src/discovery/parsers/javascript/deno.js';
import { factsOf, found } from '../../support/workspace.js';

/** Written by `deno run -A jsr:@fresh/init`. */
const fresh = JSON.stringify({
  nodeModulesDir: 'manual',
  tasks: {
    check: 'deno fmt --check . && deno lint . && deno check',
    start: 'deno serve -A _fresh/server.js',
    dev: 'vite',
    build: 'vite build',
    update: 'deno run -A -r jsr:@fresh/update .',
  },
  imports: { '@/': './' },
});

describe('The tasks of Deno', () => {
  it('are servers by their names, the most usual first', () => {
    assert.deepEqual(found(deno, { 'deno.json': fresh }), [
      'deno.json › dev: deno task dev',
      'deno.json › start: deno task start',
    ]);
  });

  it('are read as `deno init` writes them, with comments, and as objects', () => {
    const text =
      '{\n  // how to begin\n  "tasks": { "dev": { "command": "deno serve --watch main.ts", "dependencies": ["x"] }, "serve": {} },\n}';
    assert.deepEqual(deno.parse({ path: 'deno.jsonc', text }, factsOf({})), {
      servers: [
        {
          name: 'dev',
          command: { kind: 'argv', file: 'deno', args: ['task', 'dev'] },
          script: { body: 'deno serve --watch main.ts', argumentPrefix: [] },
        },
      ],
      problems: [],
    });
  });

  it('are left out if Deno would interpret their names', () => {
    const text = '{"tasks":{"dev:*":"x","__proto__":"x","serve\\u0000":"x"}}';
    assert.deepEqual(found(deno, { 'deno.json': text, 'a/deno.json': '"tasks"', 'b/deno.json': '{' }), [
      '! deno.json: The task "dev:*" was ignored: it contains an asterisk, so it would be read as a pattern.',
      String.raw`! deno.json: The task "serve\u0000" was ignored: it contains a control character.`,
      '! b/deno.json: It is not valid JSON: a closing brace is missing on line 1, column 2',
    ]);
  });
});
